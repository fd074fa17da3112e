package losttimer_test

import (
	"go/version"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/losttimer"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), losttimer.Analyzer, "doc", "a", "after", "field")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), losttimer.Analyzer, "fix")
}

// TestOld is about modules for which the runtime keeps forgotten timers.
func TestOld(t *testing.T) {
	if version.Compare(runtime.Version(), "go1.27") >= 0 {
		t.Skip("Go 1.27 collects them in all modules")
	}
	analysistest.Run(t, filepath.Join(analysistest.TestData(), "old"), losttimer.Analyzer, "./...")
}
