package nodeadline_test

import (
	"testing"

	"github.com/heapvet/heapvet/internal/fixture"

	"github.com/heapvet/heapvet/analyzers/nodeadline"
)

func Test(t *testing.T) {
	fixture.Run(t, fixture.Dir(), nodeadline.Analyzer, "doc", "a", "later", "options", "embeds", "tuned", "helper", "client", "command", "fetch", "examples/x", "wraps", "dials")
}
