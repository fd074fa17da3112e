package unit

import (
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

func suppressed(d analysis.Diagnostic) bool {
	return strings.HasSuffix(d.Category, lint.SuppressedMark)
}

func (t *tool) suppressions(u *unit, results []*result) *result {
	return &result{job: job{Analyzer: &analysis.Analyzer{Name: "suppression"}}}
}
