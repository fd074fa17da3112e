package losttimer_test

import (
	"go/version"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/losttimer"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), losttimer.Analyzer, "doc", "a", "after", "field", "helps", "watchdog")
}

func TestFixes(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), losttimer.Analyzer, "fix")
}

// TestOld is about modules for which the runtime keeps forgotten timers.
func TestOld(t *testing.T) {
	if version.Compare(runtime.Version(), "go1.27") >= 0 {
		t.Skip("Go 1.27 collects them in all modules")
	}
	fixture.Run(t, filepath.Join(fixture.Dir(), "old"), losttimer.Analyzer, "./...")
}
