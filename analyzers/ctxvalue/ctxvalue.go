package ctxvalue

import (
	_ "embed"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// The categories of findings.
const (
	collides  = "key-collides"
	panics    = "key-panics"
	mismatch  = "key-mismatch"
	allocates = "key-allocates"
	chained   = "chain"
	boxed     = "boxed"
	inLoop    = "lookup-in-loop"
	unchecked = "unchecked"
	unused    = "child-unused"
	service   = "service"
)

// Analyzer is the check with default options.
var Analyzer = New()

// Check describes the check to drivers and documentation.
var Check = lint.Check{
	New:      New,
	Group:    lint.Contexts,
	Stage:    lint.On,
	Since:    "v0.1.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Compiler,
	Categories: []lint.Category{
		{Name: collides, Title: "context key that another package can have too, or that equals another key"},
		{Name: panics, Title: "context.WithValue panics: nil or incomparable key, or nil parent"},
		{Name: mismatch, Title: "value stored under one key or type and asked for under another"},
		{Name: allocates, Title: "context key that is copied to the heap on every call"},
		{Name: chained, Title: "four or more WithValue calls in a row where one struct would do"},
		{Name: boxed, Title: "large value copied to the heap by every WithValue"},
		{Name: inLoop, Title: "context value that a loop looks up again on every iteration"},
		{Name: unchecked, Title: "type assertion that panics where the context lacks the value"},
		{Name: unused, Title: "derived context or request that nothing uses"},
		{Name: service, Title: "database, client, lock or other dependency handed over in a context"},
	},
}

type checker struct {
	all bool
}

// New returns a fresh instance of the check.
func New() *analysis.Analyzer {
	c := &checker{}
	a := &analysis.Analyzer{
		Name:      "ctxvalue",
		Doc:       lint.Doc(doc, "ctxvalue"),
		URL:       lint.URL("ctxvalue"),
		Requires:  []*analysis.Analyzer{inspect.Analyzer, lazyssa.Analyzer, hot.Analyzer, escape.Analyzer},
		FactTypes: []analysis.Fact{new(behavior), new(storedKeys)},
		Run:       c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "also report findings of medium confidence, and those in tests")
	return lint.New(a)
}

// A run is the check of one package.
type run struct {
	*analysis.Pass
	all      bool
	root     inspector.Cursor
	facts    map[*types.Func]*behavior // of functions of this and other packages; nil for none
	literals map[*ssa.Function]*behavior

	funcs      []*ssa.Function
	calls      []ssa.CallInstruction
	vars       map[*ssa.Global]*variable
	fields     map[*types.Var]*variable // of interface or function type, unexported
	sets, gets []op
	reachable  reached                      // types that other packages can get values of
	given      reached                      // the same, by other ways than constants and variables of the type
	leaked     map[*types.TypeName]bool     // types whose values become an interface elsewhere than in a key
	told       map[ssa.CallInstruction]bool // lookups that are reported already
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	r := &run{
		Pass:     pass,
		all:      c.all,
		root:     pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
		facts:    make(map[*types.Func]*behavior),
		literals: make(map[*ssa.Function]*behavior),
		told:     make(map[ssa.CallInstruction]bool),
	}
	flow, concerned := r.concerned()
	if flow {
		r.collect(lazyssa.Of(pass).Build())
		for i := range r.sets {
			r.checkKey(&r.sets[i])
		}
		r.checkMismatch()
		r.checkChains()
		r.checkBoxes()
		if r.all {
			r.checkServices()
		}
		r.checkUnchecked()
		r.checkDead()
	}
	if concerned {
		r.checkLoops()
	}
	return nil, nil
}

// concerned reports whether the package stores or looks up context values, which
// takes SSA to judge, and whether it derives contexts or calls functions that do either.
func (r *run) concerned() (flow, concerned bool) {
	for n := range r.root.Preorder((*ast.CallExpr)(nil)) {
		fn, ok := typeutil.Callee(r.TypesInfo, n.Node().(*ast.CallExpr)).(*types.Func)
		if !ok {
			continue
		}
		if isValue(fn) {
			return true, true
		}
		if f := r.fact(fn.Origin()); f != nil {
			if !f.Looks {
				return true, true
			}
			concerned = true
		}
		if isPureDerive(fn) {
			return true, true
		}
		if (lint.IsCancelable(fn) || isGroup(fn)) && r.ignoresChild(n) {
			return true, true
		}
	}
	return false, concerned
}

func isWithValue(fn *types.Func) bool { return lint.IsFunc(fn, "context", "WithValue") }

func isValue(fn *types.Func) bool { return lint.IsMethod(fn, "context", "Context", "Value") }

// fact returns what is known of fn, or nil.
func (r *run) fact(fn *types.Func) *behavior {
	f, ok := r.facts[fn]
	if !ok {
		switch {
		case isWithValue(fn):
			f = &behavior{Set: []int{1}, Val: []int{2}}
		case fn.Pkg() != nil && fn.Pkg() != r.Pkg:
			if imported := new(behavior); r.ImportObjectFact(fn, imported) {
				f = imported
			}
		}
		r.facts[fn] = f
	}
	return f
}

// report reports a finding on n.
func (r *run) report(n ast.Node, category, message string, related ...analysis.RelatedInformation) {
	if n != nil {
		r.tell(analysis.Diagnostic{Pos: n.Pos(), End: n.End(), Category: category, Message: message, Related: related})
	}
}

// tell reports a finding, unless it is in a test or a helper of tests: nobody
// shares a context with those.
func (r *run) tell(d analysis.Diagnostic) {
	if r.all || !r.inTest(d.Pos) {
		r.Report(d)
	}
}

func (r *run) inTest(pos token.Pos) bool {
	if lint.IsTest(r.Pass, pos) {
		return true
	}
	file := lint.FileOf(r.Pass, pos)
	return file != nil && lint.FileImports(file, "testing")
}

// callExpr returns the source of a call, or nil.
func (r *run) callExpr(instr ssa.CallInstruction) (found *ast.CallExpr) {
	pos := instr.Common().Pos() // of the left parenthesis
	file := lint.FileOf(r.Pass, pos)
	if file == nil {
		return nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && call.Lparen == pos {
			found = call
		}
		return found == nil && n != nil && n.Pos() <= pos && pos < n.End()
	})
	return found
}

// keyExpr returns the expression of the key of an operation, or the whole call.
func (r *run) keyExpr(o *op) ast.Expr {
	call := r.callExpr(o.call)
	if call == nil {
		return nil
	}
	return r.argument(call, o.call, o.arg)
}

// argument returns argument i of a call, counted as SSA does, or the whole call
// where the source has none.
func (r *run) argument(call *ast.CallExpr, instr ssa.CallInstruction, i int) ast.Expr {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && !instr.Common().IsInvoke() {
		if s := r.TypesInfo.Selections[sel]; s != nil && s.Kind() == types.MethodVal {
			i-- // the receiver
		}
	}
	if i < 0 || i >= len(call.Args) {
		return call
	}
	return call.Args[i]
}

func (r *run) typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == r.Pkg {
			return ""
		}
		return p.Name()
	})
}
