package lostbody_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/lostbody"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), lostbody.Analyzer, "a", "helper", "client", "command")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), lostbody.Analyzer, "fix")
}

// TestAll shows what is only reported on demand.
func TestAll(t *testing.T) {
	a := lostbody.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), a, "doc", "demand")
}
