package dirtypool_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/dirtypool"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), dirtypool.New(),
		"doc", "a", "after", "found", "outside", "silent", "use", "lend", "lent", "lives", "services", "services2", "correct", "correct2", "programs/...")
}

func TestAll(t *testing.T) {
	a := dirtypool.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.Run(t, fixture.Dir(), a, "little")
}

func TestFix(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), dirtypool.New(), "fix")
}
