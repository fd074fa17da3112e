package heapvet_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/heapvet/heapvet"
	"github.com/heapvet/heapvet/internal/fixture"
	"github.com/heapvet/heapvet/lint"
)

// TestAdopted shows what is left out of what staticcheck's checks report.
func TestAdopted(t *testing.T) {
	i := slices.IndexFunc(heapvet.Adopted, func(c lint.Check) bool { return c.New().Name == "SA1012" })
	fixture.Run(t, filepath.Join(fixture.Dir(), "adopted"), heapvet.Adopted[i].New(), "nilcontext")
}
