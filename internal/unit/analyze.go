package unit

import (
	"fmt"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/escape"
)

// A result is what one analyzer found.
type result struct {
	job
	skipped     bool // by the gate of the check: no findings possible
	diagnostics []analysis.Diagnostic
	medium      func(analysis.Diagnostic) bool // whether one of them is of medium confidence; nil: none is
	inputs      map[*analysis.Analyzer]any     // what it requires
	value       any                            // what analyzers that require it get
	err         error
}

// analyze runs the analyzers and all that they require, in parallel. Soon, if there is one,
// receives the results of those that need not wait for the compiler when these are known.
func (u *unit) analyze(jobs []job, soon func([]*result)) []*result {
	type action struct {
		once sync.Once
		result
	}
	actions := make(map[*analysis.Analyzer]*action)
	var exec func(*analysis.Analyzer) *action
	execAll := func(as []*analysis.Analyzer) {
		var wg sync.WaitGroup
		for _, a := range as {
			wg.Go(func() { exec(a) })
		}
		wg.Wait()
	}
	exec = func(a *analysis.Analyzer) *action {
		act := actions[a]
		act.once.Do(func() {
			execAll(a.Requires)
			act.inputs = make(map[*analysis.Analyzer]any, len(a.Requires))
			var failed []string
			for _, req := range a.Requires {
				r := exec(req)
				act.inputs[req] = r.value
				if r.err != nil {
					failed = append(failed, fmt.Sprintf("%s (%v)", req.Name, r.err))
				}
			}
			if failed != nil {
				slices.Sort(failed)
				act.err = fmt.Errorf("failed prerequisites: %s", strings.Join(failed, ", "))
				return
			}
			act.value, act.diagnostics, act.err = u.pass(a, act.inputs)
		})
		return act
	}

	// A closed gate spares a check and what only that check requires.
	var adopted, roots []*analysis.Analyzer
	results := make([]*result, len(jobs))
	for i, j := range jobs {
		if j.check != nil && j.check.Gate != nil && !u.gate(j) {
			results[i] = &result{job: j, skipped: true}
		} else if j.check != nil && j.check.Origin != "" {
			adopted = append(adopted, j.Analyzer)
		} else {
			roots = append(roots, j.Analyzer)
		}
	}
	walk(slices.Concat(adopted, roots), func(a *analysis.Analyzer) { actions[a] = new(action) })

	// The adopted checks come first and let go of what they stand on, so that their
	// form of the package and ours are never in memory together.
	execAll(adopted)
	needed := make(map[*analysis.Analyzer]bool)
	walk(roots, func(a *analysis.Analyzer) { needed[a] = true })
	for a, act := range actions {
		if !needed[a] {
			act.inputs, act.value = nil, nil
		}
	}
	resultsOf := func(known func(*analysis.Analyzer) bool) (rs []*result) {
		for i, j := range jobs {
			switch {
			case results[i] != nil:
				rs = append(rs, results[i])
			case known(j.Analyzer):
				r := actions[j.Analyzer].result
				r.job = j
				r.diagnostics = slices.Clone(r.diagnostics) // some are taken away, each time anew
				rs = append(rs, &r)
			}
		}
		dropDoubles(u, rs)
		return rs
	}
	var rest sync.WaitGroup
	if soon != nil {
		late := slices.DeleteFunc(slices.Clone(roots), func(a *analysis.Analyzer) bool { return !asksCompiler(a) })
		rest.Go(func() { execAll(late) })
		roots = slices.DeleteFunc(roots, asksCompiler)
	}
	execAll(roots)
	if soon != nil {
		soon(resultsOf(func(a *analysis.Analyzer) bool { return !asksCompiler(a) }))
	}
	rest.Wait()
	return resultsOf(func(*analysis.Analyzer) bool { return true })
}

// asksCompiler reports whether an analyzer stands on what the compiler says.
func asksCompiler(a *analysis.Analyzer) bool {
	return a.Name == escape.Analyzer.Name || slices.ContainsFunc(a.Requires, asksCompiler)
}

// gate asks the gate of a check. A gate that panics is open: the check itself
// will tell.
func (u *unit) gate(j job) (open bool) {
	defer func() {
		if recover() != nil {
			open = true
		}
	}()
	return j.check.Gate(u.newPass(j.Analyzer, nil))
}

// dropDoubles removes the findings of adopted checks on lines that have one of
// heapvet's own.
func dropDoubles(u *unit, results []*result) {
	type line struct {
		file string
		line int
	}
	at := func(d analysis.Diagnostic) line {
		posn := u.fset.PositionFor(d.Pos, false)
		return line{posn.Filename, posn.Line}
	}
	own := make(map[line]bool)
	for _, r := range results {
		if r.check != nil && r.check.Origin == "" {
			for _, d := range r.diagnostics {
				own[at(d)] = true
			}
		}
	}
	for _, r := range results {
		if r.check != nil && r.check.Origin != "" {
			r.diagnostics = slices.DeleteFunc(r.diagnostics, func(d analysis.Diagnostic) bool { return own[at(d)] })
		}
	}
}

// pass runs one analyzer. A panic is its error: the others go on.
func (u *unit) pass(a *analysis.Analyzer, inputs map[*analysis.Analyzer]any) (value any, diags []analysis.Diagnostic, err error) {
	defer func() {
		if r := recover(); r != nil {
			value, diags = nil, nil
			err = fmt.Errorf("check %s panicked on package %s: %v%s", a.Name, u.cfg.ID, r, panicSite())
		}
	}()
	pass := u.newPass(a, inputs)
	var (
		mu  sync.Mutex // checks should not report concurrently, but some do
		bad error
	)
	pass.Report = func(d analysis.Diagnostic) {
		mu.Lock()
		defer mu.Unlock()
		if err := u.validFixes(&d); err != nil {
			bad = fmt.Errorf("suggested an invalid fix (%s): %v", d.Message, err)
			d.SuggestedFixes = nil
		}
		diags = append(diags, d)
	}
	value, err = a.Run(pass)
	if err == nil {
		err = bad
	}
	if err == nil && a.ResultType != nil && reflect.TypeOf(value) != a.ResultType {
		err = fmt.Errorf("returned a %T, not the promised %v", value, a.ResultType)
	}
	return value, diags, err
}

func (u *unit) newPass(a *analysis.Analyzer, inputs map[*analysis.Analyzer]any) *analysis.Pass {
	pass := &analysis.Pass{
		Analyzer:     a,
		Fset:         u.fset,
		Files:        u.files,
		OtherFiles:   u.cfg.NonGoFiles,
		IgnoredFiles: u.cfg.IgnoredFiles,
		Pkg:          u.pkg,
		TypesInfo:    u.info,
		TypesSizes:   u.sizes,
		ResultOf:     inputs,
		Module:       u.cfg.module(),
		ReadFile:     u.readFile,
	}
	u.facts.bind(pass)
	return pass
}

// panicSite names the function and line that panicked, for whoever mends it.
func panicSite() string {
	lines := strings.Split(string(debug.Stack()), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "panic(") && i+3 < len(lines) {
			// After the line of panic itself come the name and the place of its caller.
			// A run-time error has frames of the runtime between.
			for i += 2; i+1 < len(lines); i += 2 {
				if !strings.HasPrefix(lines[i], "runtime.") {
					place, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " +0x")
					return " (at " + place + ")"
				}
			}
		}
	}
	return ""
}

// readFile implements [analysis.Pass.ReadFile] for the files of the unit.
func (u *unit) readFile(name string) ([]byte, error) {
	if !slices.Contains(u.cfg.GoFiles, name) &&
		!slices.Contains(u.cfg.NonGoFiles, name) &&
		!slices.Contains(u.cfg.IgnoredFiles, name) {
		return nil, fmt.Errorf("%s is not a file of package %s", name, u.cfg.ImportPath)
	}
	return os.ReadFile(u.cfg.file(name))
}
