package rebuilt_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/rebuilt"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), rebuilt.New(), "doc", "a", "command")
}
