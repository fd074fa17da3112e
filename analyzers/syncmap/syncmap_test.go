package syncmap_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/syncmap"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), syncmap.New(), "doc", "a", "ledger", "gate")
}
