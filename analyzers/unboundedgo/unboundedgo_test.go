package unboundedgo_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/unboundedgo"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), unboundedgo.New(), "doc", "a")
}
