package hotescape_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/hotescape"
	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), hotescape.New(), "doc", "a", "local", "local", "silent", "marked", "lent")
}

func TestAll(t *testing.T) {
	a := hotescape.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), a, "extra")
}

// Without the compiler's word nothing is reported.
func TestNoEvidence(t *testing.T) {
	a := escape.With(nil, hotescape.New())[0]
	quiet := &silence{t}
	for _, result := range analysistest.Run(quiet, analysistest.TestData(), a, "a") {
		for _, d := range result.Diagnostics {
			t.Errorf("%s: reported without evidence: %s", result.Pass.Fset.Position(d.Pos), d.Message)
		}
	}
}

// silence hears that the expectations of the fixture are not met, as they should not be.
type silence struct{ *testing.T }

func (*silence) Errorf(string, ...any) {}

// Each finding shows what repeats the allocation and the way to the heap.
func TestRelated(t *testing.T) {
	for _, result := range analysistest.Run(t, analysistest.TestData(), hotescape.New(), "a") {
		for _, d := range result.Diagnostics {
			if !has(d, "the loop") || len(d.Related) < 3 {
				t.Errorf("%s: related information is incomplete: %v", result.Pass.Fset.Position(d.Pos), d.Related)
			}
		}
	}
}

func has(d analysis.Diagnostic, message string) bool {
	for _, r := range d.Related {
		if r.Message == message {
			return true
		}
	}
	return false
}
