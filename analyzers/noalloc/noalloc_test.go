package noalloc_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/noalloc"
)

func Test(t *testing.T) {
	a := noalloc.New()
	a.Flags.Set("watch", "false")
	fixture.Run(t, fixture.Dir(), a, "doc", "a", "b")
}
