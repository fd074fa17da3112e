package ctxlost_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/ctxlost"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), ctxlost.Analyzer,
		"doc", "detached", "requests", "cancels", "helpers", "shapes")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), ctxlost.Analyzer, "fixes")
}

func TestAll(t *testing.T) {
	a := ctxlost.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), a, "medium")
}

// TestModule has packages of one module, which GOPATH knows nothing of.
func TestModule(t *testing.T) {
	analysistest.Run(t, filepath.Join(analysistest.TestData(), "module"), ctxlost.Analyzer, "./...")
}
