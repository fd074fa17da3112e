package ctxvalue_test

import (
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

func TestAll(t *testing.T) {
	a := ctxvalue.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), a, "medium")
}
