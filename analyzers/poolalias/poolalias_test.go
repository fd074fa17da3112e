package poolalias_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/poolalias"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), poolalias.Analyzer, "doc", "a", "silent", "bufpool", "wire", "use")
}

func TestFix(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), poolalias.Analyzer, "fix")
}
