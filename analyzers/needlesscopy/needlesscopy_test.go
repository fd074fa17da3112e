package needlesscopy_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/needlesscopy"
	"github.com/heapvet/heapvet/lint"
)

func Test(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), needlesscopy.New(), "doc", "a", "silent")
}

func TestAll(t *testing.T) {
	a := needlesscopy.New()
	if err := a.Flags.Set(lint.FlagAll, "true"); err != nil {
		t.Fatal(err)
	}
	fixture.RunFixes(t, fixture.Dir(), a, "extra")
}
