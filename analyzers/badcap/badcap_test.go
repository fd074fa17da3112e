package badcap_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/badcap"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), badcap.New(), "doc", "negative", "untrusted", "made", "shapes", "doubted", "more", "helper", "room/...")
}

func TestAll(t *testing.T) {
	a := badcap.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.Run(t, fixture.Dir(), a, "unsure")
}
