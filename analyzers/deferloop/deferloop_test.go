package deferloop_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/deferloop"
)

func Test(t *testing.T) {
	fixture.RunFixes(t, fixture.Dir(), deferloop.New(), "doc", "a")
}
