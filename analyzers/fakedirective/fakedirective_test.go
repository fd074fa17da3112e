package fakedirective_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/analyzers/fakedirective"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), fakedirective.New(), "doc", "a", "tiny", "embedded", "built", "generate")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), fakedirective.New(), "fix")
}
