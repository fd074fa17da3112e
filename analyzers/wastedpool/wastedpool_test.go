package wastedpool_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/wastedpool"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), wastedpool.New(), "doc", "a", "correct", "growth", "wrap", "wrapuse")
}

func TestAll(t *testing.T) {
	a := wastedpool.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.Run(t, fixture.Dir(), a, "extra")
}

func TestFix(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), wastedpool.New(), "fix")
}
