package noalloc_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/noalloc"
)

func Test(t *testing.T) {
	a := noalloc.New()
	a.Flags.Set("watch", "false")
	analysistest.Run(t, analysistest.TestData(), a, "doc", "a", "b")
}
