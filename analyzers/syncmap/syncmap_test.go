package syncmap_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/syncmap"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), syncmap.New(), "doc", "a")
}
