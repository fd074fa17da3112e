package falseshare_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/falseshare"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), falseshare.New(), "doc", "a")
}
