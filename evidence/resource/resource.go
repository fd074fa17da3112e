// Package resource is a prerequisite analyzer that follows what a function must
// release: response bodies, files, transactions and the like, from the call that
// acquires one to every return of the function.
//
// A path ends well where the resource is released, or where somebody else gets
// hold of it: it is returned, stored, sent, appended or given to code that is not
// known to leave it alone. It ends badly at a return that nothing of the kind
// comes before. Paths on which the call has failed are not followed: what the
// error is compared with, and what else is known to hold on a path, decides which
// way it takes. What is not understood counts as released.
//
// Facts say what functions do with their parameters, and which of their results
// their callers must release.
package resource

import (
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// Analyzer offers [*Flow] to the checks that require it.
var Analyzer = &analysis.Analyzer{
	Name:       "resource",
	Doc:        "follow what must be released to every return",
	Requires:   []*analysis.Analyzer{lazyssa.Analyzer},
	FactTypes:  []analysis.Fact{(*Handling)(nil)},
	ResultType: reflect.TypeFor[*Flow](),
	Run:        run,
}

// Of returns the flow of a pass whose analyzer requires [Analyzer].
func Of(pass *analysis.Pass) *Flow {
	return pass.ResultOf[Analyzer].(*Flow)
}

// Flow is what is known of the resources that a package acquires.
type Flow struct {
	Acquired []*Acquired // in the order of the source
}

// A Kind is a family of resources, which are released in the same way.
type Kind int

const (
	Body         Kind = iota + 1 // a *http.Response, or the Body of one: Body.Close
	File                         // a file, connection or listener: Close
	Writer                       // what writes its end on Close, as compressors and archives do
	Transaction                  // Commit or Rollback
	Region                       // a file mapped into memory: Munmap
	Signals                      // a channel that signal.Notify got: signal.Stop
	Subscription                 // Unsubscribe, Close, Stop, or a function to call
)

// Acquired is one place where a function gets a resource that it must release, or
// hand on.
type Acquired struct {
	Fn    *ssa.Function
	Call  *ssa.Call
	Kind  Kind
	Index int  // of the result of the call that is the resource; -1 if it is an argument
	Holds bool // the result is not the resource itself, but an object that holds it

	// Lost is a path on which nothing releases it; nil if there is none.
	Lost *Loss
	// Released and HandedOn say whether there are paths on which it is.
	Released, HandedOn bool
	// Ends are the calls that release it, in the order of the source.
	Ends []ssa.CallInstruction
	// Read reports whether anything is done with a Body but to close it.
	Read bool
}

// Loss is a path that loses a resource.
type Loss struct {
	Return *ssa.Return // where the path ends; nil if it is lost before
	Again  bool        // a loop comes round and acquires the next one in its place
	Unused bool        // the result is not used at all
	Within bool        // and the function alone uses what else the call returns
	Sent   bool        // the function has sent it on a channel, and another one received it
	Failed bool        // of a Writer: the path returns an error, and nobody wants what has been written
	Ended  bool        // of a Body: it has been read to its end, or to an error

	Inflated *ssa.Call // makes the reader that is all that others get of it, and whose Close leaves it open
}

// lesser reports whether the path loses less than others do.
func (l *Loss) lesser() bool { return l.Failed || l.Ended }

// Handling is the fact of a function that says what it does with resources.
type Handling struct {
	Params []Param
	Opens  []Open
}

// Param says what a function does with a parameter, the receiver counted.
type Param struct {
	Index   int
	Closes  bool // otherwise it leaves it as it is, and keeps no hold of it
	Refuses bool // and closes it only where it fails: returns an error, or false
}

// Open is a result that the caller must release.
type Open struct {
	Index int
	Kind  Kind
	Holds bool
}

// AFact marks Handling as a fact.
func (*Handling) AFact() {}

func (h *Handling) String() string {
	s := "handles"
	for _, p := range h.Params {
		switch {
		case p.Refuses:
			s += " refuses" + itoa(p.Index)
		case p.Closes:
			s += " closes" + itoa(p.Index)
		default:
			s += " keeps" + itoa(p.Index)
		}
	}
	for _, o := range h.Opens {
		s += " opens" + itoa(o.Index)
	}
	return s
}

func itoa(i int) string { return string(rune('0' + min(i, 9))) }

func run(pass *analysis.Pass) (any, error) {
	flow := new(Flow)
	if modelled(pass) {
		return flow, nil
	}
	acquires, declares := concerned(pass)
	if !acquires && !declares {
		return flow, nil
	}
	a := &analyzer{
		pass:     pass,
		prog:     lazyssa.Of(pass).Build(),
		fates:    make(map[fateKey]effect),
		refused:  make(map[*ssa.Parameter]bool),
		read:     make(map[*ssa.Parameter]bool),
		opens:    make(map[*ssa.Function][]Open),
		found:    make(map[*ssa.Function][]*Acquired),
		cells:    make(map[ssa.Value]cellInfo),
		conds:    make(map[*ssa.Function]map[string]int),
		compared: make(map[*ssa.Phi][]*ssa.BinOp),
		never:    make(map[ssa.Instruction]bool),
		fuel:     maxSteps,
		below:    lint.TestsOf(pass).Below,
		active:   make(map[*ssa.Function]bool),
	}
	for _, fn := range a.prog.Funcs {
		if a.forTests(fn) {
			continue
		}
		if acquires {
			a.open(fn)
		}
		a.export(fn)
	}
	for _, fn := range a.prog.Funcs {
		flow.Acquired = append(flow.Acquired, a.found[fn]...)
	}
	return flow, nil
}

// analyzer is the state of one run.
type analyzer struct {
	pass     *analysis.Pass
	prog     *lazyssa.SSA
	fates    map[fateKey]effect
	refused  map[*ssa.Parameter]bool
	read     map[*ssa.Parameter]bool
	opens    map[*ssa.Function][]Open
	found    map[*ssa.Function][]*Acquired
	cells    map[ssa.Value]cellInfo
	conds    map[*ssa.Function]map[string]int // conditions and how many branches depend on each
	compared map[*ssa.Phi][]*ssa.BinOp        // what merged variables are compared in
	never    map[ssa.Instruction]bool         // calls that do not come back, and conditions that are not false
	fuel     int                              // instructions that may still be looked at
	active   map[*ssa.Function]bool
	below    bool // the package is in a folder for tests
}

// maxSteps bounds the work on one package to well under a second, maxStates that on
// one resource. What is not done by then is not understood, and nothing is said.
const (
	maxSteps  = 2 << 20
	maxStates = 3000
)

// modelled reports whether the package is part of the standard library and visited
// for its facts only, which the model is to give.
func modelled(pass *analysis.Pass) bool {
	first, _, _ := strings.Cut(pass.Pkg.Path(), "/")
	if pass.Module != nil && pass.Module.Path != "" || strings.Contains(first, ".") || len(pass.Files) == 0 {
		return false
	}
	dir := path.Dir(filepath.ToSlash(pass.Fset.Position(pass.Files[0].Package).Filename))
	return strings.HasSuffix(dir, "/src/"+pass.Pkg.Path()) && !strings.Contains(dir, "/testdata/")
}

// concerned reports whether the package acquires resources, and whether it declares
// functions that get some from others.
func concerned(pass *analysis.Pass) (acquires, declares bool) {
	for _, obj := range pass.TypesInfo.Uses {
		switch obj := obj.(type) {
		case *types.Func:
			if model(obj) != nil || maySubscribe(obj) {
				return true, true
			}
			if obj.Pkg() != nil && obj.Pkg() != pass.Pkg {
				h := new(Handling)
				if pass.ImportObjectFact(obj.Origin(), h) && len(h.Opens) > 0 {
					return true, true
				}
			}
		case *types.Var:
			if sig, ok := obj.Type().(*types.Signature); ok && isRequestFunc(sig) {
				return true, true
			}
		}
	}
	for _, obj := range pass.TypesInfo.Defs {
		if fn, ok := obj.(*types.Func); ok {
			for p := range fn.Signature().Params().Variables() {
				if closable(p.Type()) {
					return false, true
				}
			}
		}
	}
	return false, false
}

// forTests reports whether fn is part of a test, or of a file of helpers for tests.
func (a *analyzer) forTests(fn *ssa.Function) bool {
	f := lint.FileOf(a.pass, fn.Pos())
	return f != nil && (lint.IsTest(a.pass, f.Package) || lint.FileImports(f, "testing") || a.below)
}

// local returns the function of this package that a call runs: the generic one
// for an instance of it.
func (a *analyzer) local(callee *ssa.Function) *ssa.Function {
	if callee == nil {
		return nil
	}
	if origin := callee.Origin(); origin != nil {
		callee = origin
	}
	if callee.Pkg == a.prog.Pkg && len(callee.Blocks) > 0 {
		return callee
	}
	return nil
}

// handling returns what is known of a function of another package.
func (a *analyzer) handling(callee *ssa.Function) *Handling {
	fn, ok := callee.Object().(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg() == a.pass.Pkg {
		return nil
	}
	h := new(Handling)
	if a.pass.ImportObjectFact(fn.Origin(), h) {
		return h
	}
	return nil
}

// export tells other packages what a declared function does.
func (a *analyzer) export(fn *ssa.Function) {
	obj, ok := fn.Object().(*types.Func)
	if !ok || obj.Pkg() != a.pass.Pkg {
		return
	}
	h := new(Handling)
	for i, p := range fn.Params {
		if !closable(p.Type()) || len(fn.Blocks) == 0 {
			continue
		}
		switch a.param(fn, i) {
		case release:
			h.Params = append(h.Params, Param{i, true, a.refuses(fn, i)})
		case keep:
			h.Params = append(h.Params, Param{Index: i})
		}
	}
	h.Opens = a.opens[fn]
	if len(h.Params)+len(h.Opens) > 0 {
		a.pass.ExportObjectFact(obj, h)
	}
}

// Pos returns where the resource is acquired.
func (q *Acquired) Pos() token.Pos { return q.Call.Pos() }
