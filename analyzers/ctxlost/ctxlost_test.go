package ctxlost_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/ctxlost"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), ctxlost.Analyzer, "doc", "detached", "requests", "cancels", "helpers")
}
