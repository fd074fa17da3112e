package retention_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/retention"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), retention.Analyzer, "doc", "a", "grows", "helper", "parts", "routes")
}

func TestFixes(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), retention.Analyzer, "fix")
}

// TestAll shows what is only reported on demand.
func TestAll(t *testing.T) {
	a := retention.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.Run(t, fixture.Dir(), a, "demand")
}
