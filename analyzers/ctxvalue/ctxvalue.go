package ctxvalue

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// The categories of findings.
const (
	collides = "key-collides"
	panics   = "key-panics"
	mismatch = "key-mismatch"
	chained  = "chain"
)

// Analyzer is the check with default options.
var Analyzer = New()

// Check describes the check to drivers and documentation.
var Check = lint.Check{
	New:      New,
	Group:    lint.Contexts,
	Stage:    lint.On,
	Since:    "v0.1.0",
	Fix:      lint.NoFix,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: collides, Title: "context key that another package can have too, or that equals another key"},
		{Name: panics, Title: "context.WithValue panics: nil or incomparable key, or nil parent"},
		{Name: mismatch, Title: "value stored under one key or type and asked for under another"},
		{Name: chained, Title: "four or more WithValue calls in a row where one struct would do"},
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
		Requires:  []*analysis.Analyzer{inspect.Analyzer, lazyssa.Analyzer},
		FactTypes: []analysis.Fact{new(keyParams)},
		Run:       c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "also report findings of medium confidence, and those in tests")
	return lint.New(a)
}

// keyParams is the fact of a function that uses some of its parameters as
// context keys. Parameters count from 0, the receiver first.
type keyParams struct {
	Set []int // handed to context.WithValue
	Get []int // handed to Value
}

func (*keyParams) AFact() {}

func (f *keyParams) String() string { return fmt.Sprintf("keys set%v get%v", f.Set, f.Get) }

// A run is the check of one package.
type run struct {
	*analysis.Pass
	all   bool
	facts map[*types.Func]*keyParams // of functions of this and other packages; nil for none

	vars       map[*ssa.Global]*variable
	sets, gets []op
	reachable  map[*types.TypeName]bool // types that other packages can get values of
	leaked     map[*types.TypeName]bool // types whose values become an interface elsewhere than in a key
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	r := &run{Pass: pass, all: c.all, facts: make(map[*types.Func]*keyParams)}
	if !r.concerned() {
		return nil, nil
	}
	r.collect(lazyssa.Of(pass).Build())
	for i := range r.sets {
		r.checkKey(&r.sets[i])
	}
	r.checkMismatch()
	r.checkChains()
	return nil, nil
}

// concerned reports whether the package stores a context value, or looks one up
// under a key that it was given. All else needs no SSA.
func (r *run) concerned() bool {
	in := r.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for n := range in.Root().Preorder((*ast.CallExpr)(nil)) {
		call := n.Node().(*ast.CallExpr)
		fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func)
		switch {
		case !ok:
		case isValue(fn):
			if len(call.Args) == 1 && types.IsInterface(r.TypesInfo.TypeOf(call.Args[0])) {
				return true
			}
		case r.fact(fn.Origin()) != nil:
			return true
		}
	}
	return false
}

func isWithValue(fn *types.Func) bool { return lint.IsFunc(fn, "context", "WithValue") }

func isValue(fn *types.Func) bool { return lint.IsMethod(fn, "context", "Context", "Value") }

// fact returns what is known of the parameters of fn, or nil.
func (r *run) fact(fn *types.Func) *keyParams {
	f, ok := r.facts[fn]
	if !ok {
		switch {
		case isWithValue(fn):
			f = &keyParams{Set: []int{1}}
		case fn.Pkg() != nil && fn.Pkg() != r.Pkg:
			if imported := new(keyParams); r.ImportObjectFact(fn, imported) {
				f = imported
			}
		}
		r.facts[fn] = f
	}
	return f
}

// report reports a finding on n, unless it is in a test or a helper of tests:
// nobody shares a context with those.
func (r *run) report(n ast.Node, category, message string, related ...analysis.RelatedInformation) {
	if n == nil || !r.all && r.inTest(n.Pos()) {
		return
	}
	r.Report(analysis.Diagnostic{
		Pos: n.Pos(), End: n.End(), Category: category, Message: message, Related: related,
	})
}

func (r *run) inTest(pos token.Pos) bool {
	if lint.IsTest(r.Pass, pos) {
		return true
	}
	file := lint.FileOf(r.Pass, pos)
	return file != nil && lint.FileImports(file, "testing")
}

// callExpr returns the call whose left parenthesis is at pos, or nil.
func (r *run) callExpr(pos token.Pos) (found *ast.CallExpr) {
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
	call := r.callExpr(o.call.Pos())
	if call == nil {
		return nil
	}
	i := o.arg
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && !o.call.Common().IsInvoke() {
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

// text returns the source of an expression, cut short where it is long.
func text(e ast.Expr) string {
	s := strings.Join(strings.Fields(types.ExprString(e)), " ")
	if runes := []rune(s); len(runes) > 40 {
		s = string(runes[:37]) + "..."
	}
	return s
}
