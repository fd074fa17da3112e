package lostgoroutine_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/lostgoroutine"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), lostgoroutine.Analyzer, "doc", "a", "silent", "life", "lent", "contract", "skips", "exits", "alone", "helps", "streams", "program")
}

func TestFixes(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), lostgoroutine.Analyzer, "fix")
}

// TestAll shows what is only reported on demand.
func TestAll(t *testing.T) {
	a := lostgoroutine.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.Run(t, fixture.Dir(), a, "demand")
}
