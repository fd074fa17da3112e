package dirtypool_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/dirtypool"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), dirtypool.New(),
		"doc", "a", "found", "silent", "use", "lend", "lent", "services", "services2", "correct", "correct2", "programs/...")
}

func TestAll(t *testing.T) {
	a := dirtypool.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), a, "little")
}

func TestFix(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), dirtypool.New(), "fix")
}
