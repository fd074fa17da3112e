package stucklock_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/stucklock"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), stucklock.Analyzer, "doc", "a", "silent", "store", "across", "alone", "lone", "onces")
}

func TestFixes(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), stucklock.Analyzer, "fix")
}

// TestAll shows what is only reported on demand.
func TestAll(t *testing.T) {
	a := stucklock.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.Run(t, fixture.Dir(), a, "demand")
}
