package resource_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/evidence/resource"
)

// What is said of the resources of a package, the checks assert; here are the facts.
func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), resource.Analyzer, "body", "close")
}
