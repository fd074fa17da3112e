package ctxvalue_test

import (
	"path/filepath"
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/ctxvalue"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), ctxvalue.Analyzer,
		"doc", "collide", "panics", "mismatch", "ownvalue", "chain", "wrap/...", "fallback", "intests", "program",
		"boxes/...", "unchecked", "intercept", "bare", "child/...", "shapes/...")
	fixture.RunFixes(t, fixture.Dir(), ctxvalue.Analyzer, "loop/...", "fixes")
}

// TestModule has packages of one module, which GOPATH knows nothing of.
func TestModule(t *testing.T) {
	fixture.Run(t, filepath.Join(fixture.Dir(), "module"), ctxvalue.Analyzer, "./...")
}

func TestAll(t *testing.T) {
	a := ctxvalue.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.Run(t, fixture.Dir(), a, "medium")
}
