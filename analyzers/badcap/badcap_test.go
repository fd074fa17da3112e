package badcap_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/badcap"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), badcap.New(), "doc", "negative", "untrusted", "made", "shapes", "more", "room/...")
}

func TestAll(t *testing.T) {
	a := badcap.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), a, "unsure")
}
