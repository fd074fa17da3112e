package prealloc_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/prealloc"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), prealloc.New(),
		"doc", "a", "b", "m", "n", "g", "t", "w", "r", "command", "flags", "daemon", "imports", "stack", "support", "storetest", "leaks", "siteconfig", "source", "once", "testutil", "more")
}

func TestAll(t *testing.T) {
	a := prealloc.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), a, "unsure")
}
