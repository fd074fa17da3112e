package ctxgrows_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/ctxgrows"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), ctxgrows.Analyzer, "doc", "ctxlib", "grows", "stays", "busy", "calm")
}

func TestFixes(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), ctxgrows.Analyzer, "fixes")
}

func TestAll(t *testing.T) {
	a := ctxgrows.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.Run(t, fixture.Dir(), a, "medium")
}
