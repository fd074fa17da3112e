package gcmisuse_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/gcmisuse"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), gcmisuse.New(), "doc", "a", "off", "again", "envlimit", "command", "service", "faultmain", "final")
}

// TestAll shows what is only reported on demand.
func TestAll(t *testing.T) {
	a := gcmisuse.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), a, "demand")
}
