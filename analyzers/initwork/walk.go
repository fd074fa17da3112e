package initwork

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// A work is something costly that a piece of code does.
type work struct {
	kind  int
	at    ast.Node // in the code: a call or go statement
	via   []string // the functions that lead to it, the last one does it
	maybe bool     // under a condition
}

// A summary is what a piece of code does.
type summary struct {
	found   []work
	kinds   Kinds    // of what is not under a condition
	nanos   int64    // what it computes besides, roughly
	dearest ast.Node // the loop that computes most
	peak    int64    // what that computes
}

// via returns how the summary comes to the worst of the kinds.
func (s *summary) via(kinds Kinds) string {
	for _, x := range s.found {
		if !x.maybe && kinds != 0 && x.kind == kinds.worst() {
			return x.via[len(x.via)-1]
		}
	}
	return ""
}

// maxChain bounds how many calls lie between an initializer and the work.
const maxChain = 6

// summary returns what a function of the package does on every call.
func (f *finder) summary(fn *types.Func) *summary {
	if s, ok := f.memo[fn]; ok {
		return s
	}
	f.memo[fn] = new(summary) // breaks cycles
	decl := f.decls[fn]
	if decl == nil {
		return f.memo[fn]
	}
	w := &walker{finder: f, sum: new(summary)}
	w.node(decl.Body)
	f.memo[fn] = w.sum
	return w.sum
}

// A walker collects what a piece of code does.
type walker struct {
	*finder
	sum   *summary
	maybe bool // the code at hand is not always run
	loops int64
	depth int // of function literals that are called on the spot

	args  map[*types.Var]int64 // parameters whose value is known
	calls int                  // of functions with such parameters that lead here
}

// node walks a function body or an expression.
func (w *walker) node(n ast.Node) {
	w.loops = 1
	if body, ok := n.(*ast.BlockStmt); ok {
		w.block(body.List)
	} else {
		w.expr(n)
	}
}

// block walks statements in their order. What follows a statement that may leave is run
// only perhaps, unless it leaves because of an error.
func (w *walker) block(list []ast.Stmt) {
	for _, s := range list {
		w.stmt(s)
	}
}

func (w *walker) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.BlockStmt:
		w.block(s.List)
	case *ast.LabeledStmt:
		w.stmt(s.Stmt)
	case *ast.IfStmt:
		if s.Init != nil {
			w.stmt(s.Init)
		}
		w.expr(s.Cond)
		isErr := w.comparesError(s.Cond)
		if isErr == token.EQL {
			w.block(s.Body.List) // the way that is meant
		} else {
			w.perhaps(s.Body.List)
		}
		if s.Else != nil {
			if isErr == token.NEQ {
				w.stmt(s.Else)
			} else {
				w.perhaps([]ast.Stmt{s.Else})
			}
		}
		if isErr == token.ILLEGAL && (leaves(s.Body) || s.Else != nil && leaves(s.Else)) {
			w.maybe = true
		}
	case *ast.SwitchStmt:
		if s.Init != nil {
			w.stmt(s.Init)
		}
		w.expr(s.Tag)
		w.clauses(s.Body)
	case *ast.TypeSwitchStmt:
		w.clauses(s.Body)
	case *ast.SelectStmt:
		w.clauses(s.Body)
	case *ast.ForStmt:
		if s.Init != nil {
			w.stmt(s.Init)
		}
		w.loop(s, w.times(s), func() {
			w.expr(s.Cond)
			w.block(s.Body.List)
		})
	case *ast.RangeStmt:
		w.expr(s.X)
		w.loop(s, w.elements(s), func() { w.block(s.Body.List) })
	case *ast.GoStmt:
		w.note(goroutine, s, "")
		for _, arg := range s.Call.Args {
			w.expr(arg)
		}
	case *ast.DeferStmt:
		w.expr(s.Call)
	case *ast.ReturnStmt, *ast.AssignStmt, *ast.ExprStmt, *ast.DeclStmt, *ast.SendStmt, *ast.IncDecStmt:
		w.sum.nanos += w.loops
		w.expr(s)
	}
}

// perhaps walks statements that are not run every time.
func (w *walker) perhaps(list []ast.Stmt) {
	before := w.maybe
	w.maybe = true
	w.block(list)
	w.maybe = before
}

func (w *walker) clauses(body *ast.BlockStmt) {
	for _, c := range body.List {
		switch c := c.(type) {
		case *ast.CaseClause:
			w.perhaps(c.Body)
		case *ast.CommClause:
			if c.Comm != nil && len(body.List) > 1 {
				w.perhaps([]ast.Stmt{c.Comm})
			} else if c.Comm != nil {
				w.stmt(c.Comm)
			}
			w.perhaps(c.Body)
		}
	}
	if leaves(body) {
		w.maybe = true
	}
}

// loop walks the body of a loop that runs n times.
func (w *walker) loop(s ast.Node, n int64, body func()) {
	loops, maybe, before := w.loops, w.maybe, w.sum.nanos
	w.loops = min(w.loops*n, 1<<40)
	w.sum.nanos += w.loops
	body()
	w.loops, w.maybe = loops, maybe
	if cost := w.sum.nanos - before; loops == 1 && !maybe && cost > w.sum.peak {
		w.sum.peak, w.sum.dearest = cost, s
	}
	if maybe {
		w.sum.nanos = before
	}
}

// expr walks the calls of an expression, or of a statement that consists of expressions.
// Function literals count only where they are called on the spot.
func (w *walker) expr(n ast.Node) {
	if n == nil {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				w.receive(n)
			}
		case *ast.CompositeLit:
			w.literal(n)
		case *ast.IndexExpr:
			w.index(n)
		case *ast.CallExpr:
			w.call(n)
			if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok && w.depth < 3 {
				maybe := w.maybe
				w.depth++
				w.block(lit.Body.List)
				w.depth--
				w.maybe = maybe
			}
		}
		return true
	})
}

// receive notes a wait for the clock.
func (w *walker) receive(n *ast.UnaryExpr) {
	if call, ok := ast.Unparen(n.X).(*ast.CallExpr); ok && lint.IsFunc(typeutil.Callee(w.pass.TypesInfo, call), "time", "After") {
		w.note(sleep, call, "time.After")
	}
}

// manyEntries is the size from which on a map that is written out takes part of a millisecond to make.
const manyEntries = 1000

// literal notes a large map that is made at run time, entry by entry.
func (w *walker) literal(lit *ast.CompositeLit) {
	if len(lit.Elts) < manyEntries {
		return
	}
	if _, ok := w.pass.TypesInfo.TypeOf(lit).Underlying().(*types.Map); ok {
		w.sum.nanos += int64(len(lit.Elts)) * 50
		if w.all {
			w.found(work{kind: compute, at: lit, via: []string{"a map literal of many entries"}, maybe: true})
		}
	}
}

// call notes what a call does.
func (w *walker) call(call *ast.CallExpr) {
	fn, _ := typeutil.Callee(w.pass.TypesInfo, call).(*types.Func)
	if fn == nil || fn.Pkg() == nil {
		return
	}
	fn = fn.Origin()
	if fn.Pkg() == w.pass.Pkg {
		w.local(call, fn)
		return
	}
	if kind, ok := w.known(fn, call); ok {
		w.note(kind, call, fullName(fn))
		return
	}
	var fact Work
	if w.pass.ImportObjectFact(fn, &fact) {
		w.sum.nanos += w.loops * fact.Nanos
		for kind := range numKinds {
			if fact.Kinds&(1<<kind) != 0 {
				via := []string{fullName(fn)}
				if kind == fact.Kinds.worst() && fact.Via != "" {
					via = append(via, fact.Via)
				}
				w.found(work{kind, call, via, w.maybe})
			}
		}
		return
	}
	w.sum.nanos += w.loops * w.price(fn)
}

// local adds what a function of the package does.
func (w *walker) local(call *ast.CallExpr, fn *types.Func) {
	s := w.summary(fn)
	if !w.maybe {
		w.sum.nanos = min(w.sum.nanos+w.loops*max(s.nanos, w.given(call, fn)), 1<<50)
		if w.explodes(call, fn) {
			w.sum.nanos += long
		}
	}
	var seen Kinds
	for _, x := range s.found {
		if bit := Kinds(1 << x.kind); seen&bit == 0 && len(x.via) < maxChain && (w.all || !x.maybe) {
			if !x.maybe {
				seen |= bit
			}
			w.found(work{x.kind, call, append([]string{fn.Name()}, x.via...), w.maybe || x.maybe})
		}
	}
}

// many is the size of an argument from which on it matters how often loops run for it,
// maxGiven how many calls hand on such arguments.
const (
	many     = 1000
	maxGiven = 2
)

// given returns what a function of the package computes for large numbers that it is
// called with, in nanoseconds; 0 if there are none.
func (w *walker) given(call *ast.CallExpr, fn *types.Func) int64 {
	decl := w.decls[fn]
	if decl == nil || w.calls >= maxGiven || call.Ellipsis.IsValid() {
		return 0
	}
	args := make(map[*types.Var]int64)
	for i := range min(len(call.Args), fn.Signature().Params().Len()) {
		if n, ok := w.constant(call.Args[i]); ok && n >= many {
			args[fn.Signature().Params().At(i)] = n
		}
	}
	if len(args) == 0 {
		return 0
	}
	inner := &walker{finder: w.finder, sum: new(summary), args: args, calls: w.calls + 1}
	inner.node(decl.Body)
	return inner.sum.nanos
}

func (w *walker) note(kind int, at ast.Node, name string) {
	w.found(work{kind, at, []string{name}, w.maybe})
}

// maxFound bounds what is remembered of one function.
const maxFound = 32

func (w *walker) found(x work) {
	if len(w.sum.found) >= maxFound {
		return
	}
	w.sum.found = append(w.sum.found, x)
	if !x.maybe {
		w.sum.kinds |= 1 << x.kind
	}
}

// comparesError returns how the condition compares an error with nil: token.EQL,
// token.NEQ, or token.ILLEGAL if it does not.
func (w *walker) comparesError(cond ast.Expr) token.Token {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || b.Op != token.EQL && b.Op != token.NEQ || !w.pass.TypesInfo.Types[b.Y].IsNil() {
		return token.ILLEGAL
	}
	if t := w.pass.TypesInfo.TypeOf(b.X); t == nil || !lint.IsError(t) {
		return token.ILLEGAL
	}
	return b.Op
}

// leaves reports whether the statement may leave the function.
func leaves(s ast.Stmt) (found bool) {
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok == token.GOTO
		}
		return !found
	})
	return found
}
