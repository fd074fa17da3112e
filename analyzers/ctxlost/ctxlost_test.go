package ctxlost_test

import (
	"path/filepath"
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/ctxlost"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), ctxlost.Analyzer,
		"doc", "detached", "sibling", "requests", "cancels", "helpers", "shapes", "lacking")
}

func TestFixes(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), ctxlost.Analyzer, "fixes")
}

func TestAll(t *testing.T) {
	a := ctxlost.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.Run(t, fixture.Dir(), a, "medium")
}

// TestModule has packages of one module, which GOPATH knows nothing of.
func TestModule(t *testing.T) {
	fixture.Run(t, filepath.Join(fixture.Dir(), "module"), ctxlost.Analyzer, "./...")
}
