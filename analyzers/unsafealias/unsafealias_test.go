package unsafealias_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/unsafealias"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), unsafealias.New(), "doc", "a", "conv", "b", "mapped", "segment", "replay", "aba", "lines")
}
