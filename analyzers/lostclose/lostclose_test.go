package lostclose_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/lostclose"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), lostclose.Analyzer, "doc", "a", "helper", "client", "command")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), lostclose.Analyzer, "fix")
}
