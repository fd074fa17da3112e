package needlesscopy_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/needlesscopy"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), needlesscopy.New(), "doc", "a", "silent")
}

func TestAll(t *testing.T) {
	a := needlesscopy.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), a, "extra")
}
