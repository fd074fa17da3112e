package lostgoroutine_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/lostgoroutine"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), lostgoroutine.Analyzer, "doc", "a", "silent", "life", "contract", "skips")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), lostgoroutine.Analyzer, "fix")
}

// TestAll shows what is only reported on demand.
func TestAll(t *testing.T) {
	a := lostgoroutine.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), a, "demand")
}
