package gcmisuse_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/gcmisuse"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), gcmisuse.New(), "doc", "a", "off", "again", "envlimit", "command", "service", "faultmain", "faultserve", "final")
}

// TestAll shows what is only reported on demand.
func TestAll(t *testing.T) {
	a := gcmisuse.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.Run(t, fixture.Dir(), a, "demand")
}
