package losttimer_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/losttimer"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), losttimer.New(), "doc", "a")
}
