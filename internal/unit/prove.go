package unit

import (
	"os"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/internal/fix"
)

// maxProofs is how often one package is compiled to tell the fixes that hold from those
// that do not. Mostly all hold, and once is enough.
const maxProofs = 32

// proveFixes compiles the package again as the suggested fixes of some checks would make it,
// and withholds those after which it does not compile or has more on the heap.
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
	if len(all) == 0 {
		return
	}
	pass := u.newPass(escape.Analyzer, nil)
	before, err := w.Load(pass)
	if err != nil {
		withhold(all)
		return
	}
	tries := 0
	holds := func(some []*analysis.Diagnostic) bool {
		if tries++; tries > maxProofs {
			return false
		}
		var fixes []fix.Fix
		for _, d := range some {
			fixes = append(fixes, u.fixOf("", d))
		}
		files, skipped := fix.Apply(fixes, os.ReadFile)
		if len(files) == 0 || len(skipped) > 0 && len(some) == 1 {
			return false
		}
		contents := make(map[string][]byte, len(files))
		for _, f := range files {
			contents[f.Name] = f.New
		}
		after, err := src.Try(pass, contents)
		return err == nil && after.Fewer(before)
	}
	var keep func(some []*analysis.Diagnostic)
	keep = func(some []*analysis.Diagnostic) {
		half := len(some) / 2
		switch {
		case holds(some):
		case half == 0 || tries > maxProofs:
			withhold(some)
		default:
			keep(some[:half])
			keep(some[half:])
		}
	}
	keep(all)
}

// withhold takes the fixes from the findings.
func withhold(diags []*analysis.Diagnostic) {
	for _, d := range diags {
		d.SuggestedFixes = nil
	}
}
