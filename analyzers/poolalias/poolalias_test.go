package poolalias_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/poolalias"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), poolalias.Analyzer, "doc", "a", "silent", "bufpool", "wire", "use", "lends")
}

func TestFix(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), poolalias.Analyzer, "fix")
}
