package unit

import (
	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/internal/prove"
)

// proveFixes withholds those fixes of checks that promise fewer allocations which do not
// keep the promise.
func (t *tool) proveFixes(u *unit, results []*result, w *witness) {
	src, ok := w.Builder.(escape.Unit)
	if !ok || t.escape == escapeOff {
		return
	}
	src.Verify = false
	var all []*analysis.Diagnostic
	for _, r := range results {
		if r.check == nil || !r.check.Proved {
			continue
		}
		for i := range r.diagnostics {
			if d := &r.diagnostics[i]; len(d.SuggestedFixes) > 0 && !suppressed(*d) {
				all = append(all, d)
			}
		}
	}
	prove.Fixes(u.newPass(escape.Analyzer, nil), compiler{w, src}, all)
}

// A compiler tells what the package is like from what the checks were told already.
type compiler struct {
	*witness
	unit escape.Unit
}

// Try implements [prove.Compiler].
func (c compiler) Try(pass *analysis.Pass, contents map[string][]byte) (*escape.Output, error) {
	return c.unit.Try(pass, contents)
}
