package stackslice_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/stackslice"
	"github.com/heapvet/heapvet/evidence/escape"
)

func Test(t *testing.T) {
	a := stackslice.New()
	if err := a.Flags.Set("release", "go1.26.8"); err != nil {
		t.Fatal(err)
	}
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), a, "doc", "a")
}

// What a compiler does not get wrong, and what an unknown one does, is no finding.
func TestReleases(t *testing.T) {
	for release, want := range map[string]int{
		"go1.25.9": 0, "go1.26.9": 0, "go1.27.2": 0, "go1.28.0": 0, "devel": 0,
		"go1.26": 4, "go1.26.0": 4, "go1.26.8 X:nodwarf5": 4, "go1.27.1": 1, "go1.27-devel_abc": 1,
	} {
		a := stackslice.New()
		if err := a.Flags.Set("release", release); err != nil {
			t.Fatal(err)
		}
		found := make(map[string]int)
		for _, result := range analysistest.Run(&quiet{t}, analysistest.TestData(), a, "doc", "a") {
			for _, d := range result.Diagnostics {
				found[d.Category]++
			}
		}
		if got := min(found["dangling"], 1) + 3*min(found["overwritten"], 1); got != want {
			t.Errorf("%s: reported %v", release, found)
		}
	}
	for _, result := range analysistest.Run(&quiet{t}, analysistest.TestData(), escape.With(nil, stackslice.New())[0], "doc", "a") {
		if len(result.Diagnostics) > 0 {
			t.Error("reported, though the release of the compiler is not known")
		}
	}
}

// quiet hears that expectations are not met, as they should not be.
type quiet struct{ *testing.T }

func (*quiet) Errorf(string, ...any) {}
