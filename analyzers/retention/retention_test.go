package retention_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/retention"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), retention.Analyzer, "doc", "a")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), retention.Analyzer, "fix")
}

// TestAll shows what is only reported on demand.
func TestAll(t *testing.T) {
	a := retention.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), a, "demand")
}
