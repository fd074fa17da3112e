package nodeadline_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/nodeadline"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), nodeadline.Analyzer, "doc", "a", "later", "embeds", "tuned", "helper", "client", "command", "examples/x")
}
