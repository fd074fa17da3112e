// Package prove tells the fixes that keep a promise of fewer allocations from those that
// do not: it has the compiler say what the package would be like with them.
package prove

import (
	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/internal/fix"
)

// maxTries is how often one package is compiled to tell the fixes that hold from those
// that do not. Mostly all hold, and once is enough.
const maxTries = 32

// A Compiler compiles the package of a pass, as it is and as it would be if some of its
// files had other contents.
type Compiler interface {
	escape.Source
	Try(pass *analysis.Pass, contents map[string][]byte) (*escape.Output, error)
}

// Fixes withholds, from findings that have fixes, those fixes after which the package does not
// compile or has more on the heap.
func Fixes(pass *analysis.Pass, compiler Compiler, findings []*analysis.Diagnostic) {
	if len(findings) == 0 {
		return
	}
	before, err := compiler.Load(pass)
	if err != nil {
		withhold(findings)
		return
	}
	tries := 0
	holds := func(some []*analysis.Diagnostic) bool {
		if tries++; tries > maxTries {
			return false
		}
		var fixes []fix.Fix
		for _, d := range some {
			fixes = append(fixes, fix.Of(pass.Fset, "", d))
		}
		files, skipped := fix.Apply(fixes, pass.ReadFile)
		if len(files) == 0 || len(skipped) > 0 && len(some) == 1 {
			return false
		}
		contents := make(map[string][]byte, len(files))
		for _, f := range files {
			contents[f.Name] = f.New
		}
		after, err := compiler.Try(pass, contents)
		return err == nil && after.Fewer(before)
	}
	var keep func(some []*analysis.Diagnostic)
	keep = func(some []*analysis.Diagnostic) {
		half := len(some) / 2
		switch {
		case holds(some):
		case half == 0 || tries > maxTries:
			withhold(some)
		default:
			keep(some[:half])
			keep(some[half:])
		}
	}
	keep(findings)
}

// withhold takes the fixes from the findings.
func withhold(findings []*analysis.Diagnostic) {
	for _, d := range findings {
		d.SuggestedFixes = nil
	}
}
