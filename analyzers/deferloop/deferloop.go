package deferloop

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// Check describes the check to drivers and documentation.
var Check = lint.Check{
	New:      New,
	Group:    lint.Allocation,
	Stage:    lint.On,
	Since:    "v0.2.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: held, Title: "what each iteration opens stays open until the function returns"},
		{Name: endless, Title: "deferred calls of a loop without an end pile up"},
	},
}

const (
	held    = "held"
	endless = "endless"
)

// New returns a fresh instance.
func New() *analysis.Analyzer {
	c := new(checker)
	a := &analysis.Analyzer{
		Name:     "deferloop",
		Doc:      lint.Doc(doc, "deferloop"),
		URL:      lint.URL("deferloop"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, hot.Analyzer, lazyssa.Analyzer},
		Run:      c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "report findings of medium confidence too")
	return lint.New(a)
}

type checker struct{ all bool }

// A pass is one run of the check.
type pass struct {
	*analysis.Pass
	all    bool
	hot    *hot.Report
	decls  func() map[*types.Func]*ast.FuncDecl
	within map[*types.Func]bool // functions that are looked into
}

func (c *checker) run(p *analysis.Pass) (any, error) {
	r := &pass{
		Pass: p, all: c.all, hot: hot.Of(p),
		decls:  sync.OnceValue(func() map[*types.Func]*ast.FuncDecl { return lint.Declarations(p) }),
		within: make(map[*types.Func]bool),
	}
	in := p.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for cur := range in.Root().Preorder((*ast.DeferStmt)(nil)) {
		if l := r.around(cur); l != nil {
			r.check(l, cur.Node().(*ast.DeferStmt))
		}
	}
	return nil, nil
}

// around returns the innermost loop of the function that repeats the statement at
// cur, or nil.
func (r *pass) around(cur inspector.Cursor) *loop {
	var l *loop
	repeats := func(stmt ast.Stmt, body *ast.BlockStmt) {
		if l == nil {
			l = &loop{stmt: stmt, body: body}
		}
	}
	for c := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		switch n := c.Node().(type) {
		case *ast.ForStmt:
			repeats(n, n.Body)
		case *ast.RangeStmt:
			repeats(n, n.Body)
		case *ast.FuncLit:
			if l != nil {
				l.fn, l.name = n.Body, "the function literal"
			}
			return l
		case *ast.FuncDecl:
			if l != nil {
				l.fn, l.name = n.Body, n.Name.Name
			}
			return l
		}
	}
	return nil
}

func (r *pass) check(l *loop, d *ast.DeferStmt) {
	if lint.IsTest(r.Pass, d.Pos()) || !r.endless(l) && r.hot.Small(l.stmt) || !r.repeats(l, d) {
		return
	}
	what := r.acquired(l, d)
	if what != nil && lint.IsCancelFunc(what.Type()) {
		return // ctxlost, which knows whether the context is still of use, tells of it
	}
	if what == nil && r.endless(l) && l.always(d) && !recovers(d) && !r.hot.Once(d) {
		r.Report(analysis.Diagnostic{
			Pos: d.Pos(), End: d.End(), Category: endless,
			Message: fmt.Sprintf("%s runs when %s returns, and this loop goes on: a record of the call is added on the heap every time, and then all of them run; defer it before the loop, or give the body of the loop a function of its own",
				deferred(d), l.name),
			Related: []analysis.RelatedInformation{{Pos: l.stmt.Pos(), End: l.body.Lbrace, Message: "the loop"}},
		})
		return
	}
	if what == nil || !r.all && (!l.always(d) || !r.ends(l, d, what)) {
		return
	}
	use := r.uses(l, what, d)
	if use == kept || recovers(d) || undoes(d) || l.waits() {
		return
	}
	diag := analysis.Diagnostic{Pos: d.Pos(), End: d.End(), Category: held}
	diag.Related = []analysis.RelatedInformation{
		{Pos: l.stmt.Pos(), End: l.body.Lbrace, Message: "the loop"},
		{Pos: what.pos.Pos(), End: what.pos.End(), Message: fmt.Sprintf("%s is made here on every iteration", what.Name())},
	}
	call := deferred(d)
	switch {
	case r.endless(l):
		diag.Category = endless
		diag.Message = fmt.Sprintf("%s runs when %s returns, and this loop goes on: every %s is held until then, with a record of the call on the heap; ", call, l.name, what.Name())
		if use == handedOver {
			diag.Message += "defer it in the goroutine that uses it"
		} else {
			diag.Message += "give the body of the loop a function of its own"
		}
	case use == handedOver:
		return // the goroutines may be waited for before the function returns
	case r.hot.Once(d) && !r.all:
		return // what a program opens before it ends may as well be closed then
	default:
		diag.Message = fmt.Sprintf("%s runs when %s returns, not at the end of the iteration: every %s is held until then, with a record of the call on the heap; give the body of the loop a function of its own",
			call, l.name, what.Name())
	}
	if use == local && separable(l.body) {
		diag.SuggestedFixes = []analysis.SuggestedFix{{
			Message: "Run the body of the loop in a function literal",
			TextEdits: []analysis.TextEdit{
				{Pos: l.body.Lbrace + 1, End: l.body.Lbrace + 1, NewText: []byte("\nfunc() {")},
				{Pos: l.body.Rbrace, End: l.body.Rbrace, NewText: []byte("}()\n")},
			},
		}}
	}
	r.Report(diag)
}

// deferred names the call of a defer statement.
func deferred(d *ast.DeferStmt) string {
	if _, ok := ast.Unparen(d.Call.Fun).(*ast.FuncLit); ok {
		return "this deferred function"
	}
	return lint.Text(d.Call.Fun)
}

// A loop is what repeats a defer statement.
type loop struct {
	stmt ast.Stmt // *ast.ForStmt or *ast.RangeStmt
	body *ast.BlockStmt
	fn   *ast.BlockStmt // of the function that has the loop
	name string         // of the function
}

// always reports whether every iteration that goes so far reaches the statement: what
// hangs on a condition may happen once in all.
func (l *loop) always(d *ast.DeferStmt) bool {
	return slices.ContainsFunc(l.body.List, func(s ast.Stmt) bool { return s == d })
}

// waits reports whether the function waits after the loop, as one that serves what the loop has set up:
// all of it is to be there meanwhile.
func (l *loop) waits() bool {
	waits := false
	ast.Inspect(l.fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SelectStmt:
			waits = waits || n.Pos() > l.body.End() && len(n.Body.List) == 0
		case *ast.ExprStmt:
			receive, ok := ast.Unparen(n.X).(*ast.UnaryExpr)
			waits = waits || ok && receive.Op == token.ARROW && n.Pos() > l.body.End()
		}
		return !waits
	})
	return waits
}

// within reports whether obj is declared in the body of the loop.
func (l *loop) within(obj types.Object) bool {
	return l.body.Pos() <= obj.Pos() && obj.Pos() < l.body.End()
}
