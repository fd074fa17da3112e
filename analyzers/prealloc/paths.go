package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// paths is what the ways through one iteration have in common.
type paths struct {
	ok     bool
	each   int               // elements that the target grows by in each whole iteration
	inner  *bound            // of the loop in the body that does it, if there is one: each time as often
	errors []*ast.ReturnStmt // returns of an error, which end the loop early
}

// paths follows every way through an iteration. The result is not ok unless all
// ways that lead to the next iteration grow the target equally, and no way
// leaves the loop early other than with an error or a panic.
func (l *loop) paths(t *target) paths {
	w := &walker{loop: l, target: t, each: -1, left: len(t.grows), ok: true}
	if n, falls := w.list(l.body.List, 0); falls {
		w.next(n)
	}
	return paths{ok: w.ok && w.left == 0, each: w.each, inner: w.inner, errors: w.errors}
}

type walker struct {
	*loop
	target *target
	ok     bool
	each   int // -1: no way to the next iteration seen yet
	left   int // growths not yet met
	inner  *bound
	errors []*ast.ReturnStmt
	breaks []*[]int // counts at the breaks out of each switch or select around
}

func (w *walker) fail() (int, bool) {
	w.ok = false
	return 0, false
}

// next notes that a way of growth n leads to the next iteration.
func (w *walker) next(n int) {
	if w.each >= 0 && w.each != n {
		w.ok = false
	}
	w.each = n
}

func (w *walker) list(list []ast.Stmt, n int) (int, bool) {
	for _, stmt := range list {
		if !w.ok {
			return 0, false
		}
		var falls bool
		if n, falls = w.stmt(stmt, n); !falls {
			return 0, false
		}
	}
	return n, true
}

// stmt returns the growth after the statement, n being that before it, and
// whether the statement after it is reached.
func (w *walker) stmt(stmt ast.Stmt, n int) (int, bool) {
	switch stmt := stmt.(type) {
	case *ast.AssignStmt:
		for i := range stmt.Rhs {
			var at ast.Node = ast.Unparen(stmt.Rhs[i])
			if w.target.isMap && i < len(stmt.Lhs) {
				at = ast.Unparen(stmt.Lhs[i])
			}
			if g, ok := w.target.grows[at]; ok {
				if g.n < 0 {
					return w.fail()
				}
				w.left--
				n += g.n
			}
		}
		return n, true
	case *ast.ExprStmt:
		if call, ok := stmt.X.(*ast.CallExpr); ok && neverReturns(w.info, call) {
			return 0, false
		}
		return n, true
	case *ast.BlockStmt:
		return w.list(stmt.List, n)
	case *ast.LabeledStmt:
		return w.stmt(stmt.Stmt, n)
	case *ast.IfStmt:
		n1, falls1 := w.list(stmt.Body.List, n)
		n2, falls2 := n, true
		if stmt.Else != nil {
			n2, falls2 = w.stmt(stmt.Else, n)
		}
		if falls1 && falls2 && n1 != n2 {
			return w.fail()
		}
		if falls1 {
			return n1, true
		}
		return n2, falls2
	case *ast.SwitchStmt:
		return w.clauses(stmt.Body.List, n, false)
	case *ast.TypeSwitchStmt:
		return w.clauses(stmt.Body.List, n, false)
	case *ast.SelectStmt:
		return w.clauses(stmt.Body.List, n, true)
	case *ast.ForStmt:
		return w.nested(stmt, stmt.Body, n)
	case *ast.RangeStmt:
		return w.nested(stmt, stmt.Body, n)
	case *ast.ReturnStmt:
		return w.leave(stmt)
	case *ast.BranchStmt:
		switch {
		case stmt.Tok == token.CONTINUE && w.targetsLoop(stmt):
			w.next(n)
			return 0, false
		case stmt.Tok == token.BREAK && stmt.Label == nil && len(w.breaks) > 0:
			exits := w.breaks[len(w.breaks)-1]
			*exits = append(*exits, n)
			return 0, false
		}
		return w.fail() // out of the loop, fallthrough or goto
	}
	return n, true
}

// clauses follows the clauses of a switch, or of a select, which always takes one.
func (w *walker) clauses(list []ast.Stmt, n int, exhaustive bool) (int, bool) {
	var exits []int
	w.breaks = append(w.breaks, &exits)
	for _, clause := range list {
		var body []ast.Stmt
		switch clause := clause.(type) {
		case *ast.CaseClause:
			body = clause.Body
			exhaustive = exhaustive || clause.List == nil
		case *ast.CommClause:
			body = clause.Body
		}
		if after, falls := w.list(body, n); falls {
			exits = append(exits, after)
		}
	}
	w.breaks = w.breaks[:len(w.breaks)-1]
	if !exhaustive {
		exits = append(exits, n)
	}
	if len(exits) == 0 {
		return 0, false
	}
	for _, after := range exits {
		if after != exits[0] {
			return w.fail()
		}
	}
	return exits[0], true
}

// nested allows for a loop in the loop that is not left for anywhere but the
// statement after it. If it grows the target, it must be the only place that
// does, and run equally often each time.
func (w *walker) nested(stmt ast.Stmt, body *ast.BlockStmt, n int) (int, bool) {
	if n == 0 && w.inner == nil && w.growsIn(body) {
		return w.product(stmt)
	}
	ast.Inspect(body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			w.leave(node)
		case *ast.BranchStmt:
			if node.Label != nil || node.Tok == token.GOTO {
				w.ok = false
			}
		default:
			if _, ok := w.target.grows[node]; ok {
				w.ok = false
			}
		}
		return w.ok
	})
	return n, w.ok
}

func (w *walker) growsIn(body *ast.BlockStmt) bool {
	for at := range w.target.grows {
		if body.Pos() <= at.Pos() && at.Pos() < body.End() {
			return true
		}
	}
	return false
}

// product follows a nested loop that grows the target.
func (w *walker) product(stmt ast.Stmt) (int, bool) {
	cur, ok := w.cur.FindNode(stmt)
	if !ok {
		return w.fail()
	}
	inner := newLoop(w.info, cur)
	p := inner.paths(w.target)
	b, ok := inner.iterations()
	if !ok || !p.ok || p.each < 1 || inner.fn.Node() != w.fn.Node() {
		return w.fail()
	}
	for _, v := range b.vars {
		if w.within(v.Pos()) || w.assignedAny(v, w.body) {
			return w.fail() // not the same in each iteration
		}
	}
	if p.inner != nil {
		b = b.times(*p.inner)
	}
	w.inner, w.left = &b, 0
	w.errors = append(w.errors, p.errors...)
	return p.each, true
}

// assignedAny is like assigned, for a field of any variable too.
func (l *loop) assignedAny(v *types.Var, n ast.Node) bool {
	if !v.IsField() {
		return l.assigned(v, n)
	}
	found := false
	is := func(e ast.Expr) bool {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		return ok && l.info.Uses[sel.Sel] == v
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				found = found || is(lhs)
			}
		case *ast.IncDecStmt:
			found = found || is(n.X)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && is(n.X)
		}
		return !found
	})
	return found
}

// targetsLoop reports whether a continue statement that is not in a nested loop
// continues this loop.
func (w *walker) targetsLoop(stmt *ast.BranchStmt) bool {
	if stmt.Label == nil {
		return true
	}
	label, ok := w.cur.Parent().Node().(*ast.LabeledStmt)
	return ok && label.Label.Name == stmt.Label.Name
}

// leave allows for a return only if it returns an error.
func (w *walker) leave(ret *ast.ReturnStmt) (int, bool) {
	results := w.sig.Results()
	last := results.Len() - 1
	if last < 0 || len(ret.Results) != results.Len() || !lint.IsError(results.At(last).Type()) {
		return w.fail()
	}
	if w.info.Types[ret.Results[last]].IsNil() {
		return w.fail()
	}
	w.errors = append(w.errors, ret)
	return 0, false
}

func neverReturns(info *types.Info, call *ast.CallExpr) bool {
	switch obj := typeutil.Callee(info, call).(type) {
	case *types.Builtin:
		return obj.Name() == "panic"
	case *types.Func:
		return lazyssa.NeverReturns(obj)
	}
	return false
}
