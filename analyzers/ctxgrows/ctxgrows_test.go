package ctxgrows_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/ctxgrows"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), ctxgrows.Analyzer, "doc", "ctxlib", "grows", "stays")
}
