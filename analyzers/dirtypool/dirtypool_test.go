package dirtypool_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/dirtypool"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), dirtypool.Analyzer, "doc", "a", "found", "silent", "use", "services", "services2", "correct", "correct2")
}

func TestFix(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), dirtypool.Analyzer, "fix")
}
