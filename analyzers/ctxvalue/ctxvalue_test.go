package ctxvalue_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/ctxvalue"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), ctxvalue.Analyzer,
		"doc", "collide", "panics", "mismatch", "chain", "wrap/...", "fallback", "intests", "program",
		"boxes/...", "unchecked", "bare", "child/...", "shapes/...")
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), ctxvalue.Analyzer, "loop/...", "fixes")
}

// TestModule has packages of one module, which GOPATH knows nothing of.
func TestModule(t *testing.T) {
	analysistest.Run(t, filepath.Join(analysistest.TestData(), "module"), ctxvalue.Analyzer, "./...")
}

func TestAll(t *testing.T) {
	a := ctxvalue.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), a, "medium")
}
