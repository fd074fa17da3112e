package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/heapvet/heapvet/lint"
)

// A rest is what is added to the target after the loop, by statements that are
// executed as often as the loop is.
type rest struct {
	total  bound // zero, if there is none
	calls  map[ast.Node]bool
	errors []*ast.ReturnStmt
}

// rest finds what the statements after the loop add to the target, a slice, as far as
// the number is known before the loop: single appends, and loops of known length.
func (l *loop) rest(t *target) rest {
	r := rest{total: constBound(0), calls: make(map[ast.Node]bool)}
	cur, ok := l.statement()
	if !ok || !t.isSlice() {
		return r
	}
	between := []ast.Node{l.stmt}
	for next, ok := cur.NextSibling(); ok; next, ok = next.NextSibling() {
		var add bound
		var reads ast.Expr
		var grows []ast.Node
		switch stmt := next.Node().(type) {
		case *ast.AssignStmt:
			if len(stmt.Lhs) == 1 && len(stmt.Rhs) == 1 && t.is(l.info, stmt.Lhs[0]) {
				call := selfAppend(l.info, stmt.Lhs[0], stmt.Rhs[0])
				if call == nil {
					return r // it is another slice from here on
				}
				add, reads, ok = l.addition(call)
				grows = []ast.Node{call}
			}
		case *ast.ReturnStmt:
			for _, result := range stmt.Results {
				call, isCall := ast.Unparen(result).(*ast.CallExpr)
				if isCall && len(call.Args) > 1 && isBuiltin(l.info, call.Fun, "append") && t.is(l.info, call.Args[0]) {
					add, reads, ok = l.addition(call)
					grows = []ast.Node{call}
				}
			}
		case *ast.RangeStmt, *ast.ForStmt:
			again := newLoop(l.info, l.flow, next)
			for _, u := range again.targets() {
				if u.v != t.v || u.field != t.field || !u.isSlice() {
					continue
				}
				again.bound, ok = again.iterations()
				p := again.paths(u)
				if ok = ok && p.ok && !p.each.varies && !again.short(); !ok {
					return r
				}
				add, reads = again.bound.times(p.each.bound()), again.reads()
				for at := range u.grows {
					grows = append(grows, at)
				}
				r.errors = append(r.errors, p.errors...)
			}
		}
		if !ok || grows != nil && !l.holds(add, reads, between) {
			return r
		}
		for _, at := range grows {
			r.calls[at] = true
		}
		r.total = r.total.plus(add)
		if grows == nil && l.mayLeave(next.Node()) {
			return r
		}
		between = append(between, next.Node())
	}
	return r
}

// addition returns by how much a single append grows its slice, and what the number is read from.
func (l *loop) addition(call *ast.CallExpr) (b bound, reads ast.Expr, ok bool) {
	if n := appendsNumber(l.info, call); n > 0 {
		return constBound(n), nil, true
	}
	if !call.Ellipsis.IsValid() {
		return constBound(int64(len(call.Args) - 1)), nil, true
	}
	b, ok = l.length(call.Args[1])
	return b, call.Args[1], ok
}

// reads returns the expression that the number of iterations is read from.
func (l *loop) reads() ast.Expr {
	switch stmt := l.stmt.(type) {
	case *ast.RangeStmt:
		return stmt.X
	case *ast.ForStmt:
		return stmt.Cond
	}
	return nil
}

// holds reports whether the bound, which e is read for, is known before the loop, and
// none of the nodes changes it.
func (l *loop) holds(b bound, e ast.Expr, nodes []ast.Node) bool {
	for _, v := range b.vars {
		if !v.IsField() && v.Parent() != v.Pkg().Scope() && v.Pos() >= l.stmt.Pos() {
			return false
		}
		for _, n := range nodes {
			if l.assignedAny(v, n) {
				return false
			}
		}
	}
	if e == nil || b.plain {
		return true
	}
	for _, n := range nodes {
		if l.changed(e, n) {
			return false
		}
	}
	return true
}

// mayLeave reports whether the statement has a way out of the list of statements
// that it is in, other than with an error.
func (l *loop) mayLeave(stmt ast.Node) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt:
			_, isFunc := n.(*ast.FuncLit)
			return !isFunc && !found
		case *ast.ReturnStmt:
			results := l.sig.Results()
			last := results.Len() - 1
			found = found || last < 0 || len(n.Results) != results.Len() || !lint.IsError(results.At(last).Type()) ||
				l.info.Types[n.Results[last]].IsNil()
		case *ast.BranchStmt:
			found = found || n.Tok == token.GOTO || n.Tok == token.CONTINUE
		}
		return !found
	})
	return found
}

// begins returns how many elements value has, if it is a slice written out with a few,
// to which the loop adds.
func (l *loop) begins(value ast.Expr) int {
	lit, ok := value.(*ast.CompositeLit)
	if !ok || len(lit.Elts) > fewRounds {
		return 0
	}
	if _, ok := l.info.TypeOf(lit).Underlying().(*types.Slice); !ok {
		return 0
	}
	return len(lit.Elts)
}

// adds returns how many elements are appended to the target, a slice, by the use before
// the loop: in a statement that is executed once whenever the loop is, for the
// identifier on its left side. It is negative for the one in the call, and 0 for any
// other use.
func (l *loop) adds(t *target, use ast.Node) int {
	cur, ok := l.statement()
	if !ok || !t.isSlice() {
		return 0
	}
	for prev, ok := cur.PrevSibling(); ok; prev, ok = prev.PrevSibling() {
		stmt, ok := prev.Node().(*ast.AssignStmt)
		if !ok || use.Pos() < stmt.Pos() || stmt.End() <= use.Pos() {
			continue
		}
		if len(stmt.Lhs) != 1 || len(stmt.Rhs) != 1 || stmt.Tok != token.ASSIGN || !t.is(l.info, stmt.Lhs[0]) {
			return 0
		}
		call := selfAppend(l.info, stmt.Lhs[0], stmt.Rhs[0])
		switch {
		case call == nil || call.Ellipsis.IsValid() || !isBuiltin(l.info, call.Fun, "append") || mentionsIn(l.info, call.Args[1:], t.v):
			return 0
		case use.Pos() < stmt.TokPos:
			return len(call.Args) - 1
		}
		return -1
	}
	return 0
}

func mentionsIn(info *types.Info, list []ast.Expr, v *types.Var) bool {
	found := false
	for _, e := range list {
		ast.Inspect(e, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			found = found || ok && info.Uses[id] == v
			return !found
		})
	}
	return found
}
