package unsafealias_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/unsafealias"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), unsafealias.New(), "doc", "a", "conv", "b", "mapped", "aba")
}
