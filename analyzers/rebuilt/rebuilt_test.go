package rebuilt_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/rebuilt"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), rebuilt.New(), "doc", "a", "command", "commands", "probe")
}
