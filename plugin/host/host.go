// Package host prepares the checks for programs that run analyzers in their own process, on
// every package that the packages of interest import: gopls, golangci-lint.
package host

import (
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/internal/prove"
	"github.com/heapvet/heapvet/lint"
)

// Analyzers returns fresh instances of the checks, prepared. Fixes that promise fewer
// allocations are offered if the compiler says that they keep the promise.
func Analyzers(checks []lint.Check, compiler prove.Compiler) []*analysis.Analyzer {
	as := make([]*analysis.Analyzer, len(checks))
	for i, c := range checks {
		as[i] = c.New()
		if c.Proved {
			proved(as[i], compiler)
		}
	}
	return Prepare(compiler, as...)
}

// proved makes the analyzer try its fixes before it reports them.
func proved(a *analysis.Analyzer, compiler prove.Compiler) {
	Finish(a, func(pass *analysis.Pass, found []*analysis.Diagnostic) []*analysis.Diagnostic {
		prove.Fixes(pass, compiler, WithFixes(found))
		return found
	})
}

// Finish makes the analyzer report at its end, and then what finish returns of all that it
// has found. Finish may change the findings.
func Finish(a *analysis.Analyzer, finish func(pass *analysis.Pass, found []*analysis.Diagnostic) []*analysis.Diagnostic) {
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		var mu sync.Mutex
		var found []*analysis.Diagnostic
		inner := *pass
		inner.Report = func(d analysis.Diagnostic) {
			mu.Lock()
			defer mu.Unlock()
			found = append(found, &d)
		}
		value, err := run(&inner)
		for _, d := range finish(pass, found) {
			pass.Report(*d)
		}
		return value, err
	}
}

// WithFixes returns the findings that have fixes.
func WithFixes(found []*analysis.Diagnostic) []*analysis.Diagnostic {
	return slices.DeleteFunc(slices.Clone(found), func(d *analysis.Diagnostic) bool { return len(d.SuggestedFixes) == 0 })
}

// Prepare returns instances of the analyzers that ask src what the compiler decides, and have
// nothing to say about the standard library and other modules, as with the command: nine of
// ten packages in most programs, and nobody is there to change them.
func Prepare(src escape.Source, analyzers ...*analysis.Analyzer) []*analysis.Analyzer {
	as := escape.With(src, analyzers...)
	sparing := make(map[*analysis.Analyzer]*analysis.Analyzer)
	for i, a := range as {
		as[i] = spare(a, sparing)
	}
	return as
}

// spare returns an instance of the analyzer, and of all that it requires, that does nothing
// on packages of others.
func spare(a *analysis.Analyzer, done map[*analysis.Analyzer]*analysis.Analyzer) *analysis.Analyzer {
	if a == inspect.Analyzer {
		return a // the host has it anyway
	}
	if c := done[a]; c != nil {
		return c
	}
	c := *a
	c.Requires = make([]*analysis.Analyzer, len(a.Requires))
	for i, req := range a.Requires {
		c.Requires[i] = spare(req, done)
	}
	c.Run = func(pass *analysis.Pass) (any, error) {
		if !own(pass) {
			if a.ResultType == nil {
				return nil, nil
			}
			return reflect.Zero(a.ResultType).Interface(), nil // for nobody: those that require it do nothing, too
		}
		// The analyzer looks results up by the prerequisites it knows.
		inner := *pass
		inner.ResultOf = make(map[*analysis.Analyzer]any, len(a.Requires))
		for i, req := range a.Requires {
			inner.ResultOf[req] = pass.ResultOf[c.Requires[i]]
		}
		return a.Run(&inner)
	}
	done[a] = &c
	return &c
}

// own reports whether the package of the pass belongs to a main module.
func own(pass *analysis.Pass) bool {
	if pass.Module != nil && pass.Module.Path != "" {
		return pass.Module.Main
	}
	if len(pass.Files) == 0 {
		return false
	}
	// The standard library, or no module at all.
	pkg := strings.TrimSuffix(pass.Pkg.Path(), "_test")
	first, _, _ := strings.Cut(pkg, "/")
	dir := filepath.ToSlash(filepath.Dir(pass.Fset.File(pass.Files[0].FileStart).Name()))
	return strings.Contains(first, ".") || !strings.HasSuffix(dir, path.Join("/src", pkg))
}
