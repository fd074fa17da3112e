package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/heapvet/heapvet/lint"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// proves reports whether a condition that the loop is reached under shows that
// the sum is not negative: an if around the loop, or one before it that leaves.
func (l *loop) proves(s sum) bool {
	for _, t := range s.terms() {
		for _, v := range t.vars {
			if !t.plain || !l.settled(v) {
				return false // it may have changed since
			}
		}
	}
	for cur := l.cur; cur.Node() != l.fn.Node(); cur = cur.Parent() {
		switch cur.ParentEdgeKind() {
		case edge.IfStmt_Body:
			if l.shows(cur.Parent().Node().(*ast.IfStmt).Cond, true, s) {
				return true
			}
		case edge.IfStmt_Else:
			if l.shows(cur.Parent().Node().(*ast.IfStmt).Cond, false, s) {
				return true
			}
		case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body:
			for prev, ok := cur.PrevSibling(); ok; prev, ok = prev.PrevSibling() {
				if guard, ok := prev.Node().(*ast.IfStmt); ok && guard.Else == nil && l.leaves(guard.Body) && l.shows(guard.Cond, false, s) {
					return true
				}
			}
		}
	}
	return false
}

// shows reports whether s cannot be negative if the condition is as given.
func (l *loop) shows(cond ast.Expr, is bool, s sum) bool {
	switch cond := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		return cond.Op == token.NOT && l.shows(cond.X, !is, s)
	case *ast.BinaryExpr:
		op := cond.Op
		switch {
		case op == token.LAND && is, op == token.LOR && !is:
			return l.shows(cond.X, is, s) || l.shows(cond.Y, is, s)
		case !is:
			op = lint.Negated(op)
		}
		x, y := cond.X, cond.Y
		if op == token.GTR || op == token.GEQ {
			x, y, op = y, x, lint.Mirrored(op)
		}
		less, ok1 := l.sum(x)
		more, ok2 := l.sum(y)
		if !ok1 || !ok2 {
			return false
		}
		known := more.add(less, -1) // not negative
		switch op {
		case token.LEQ, token.EQL:
		case token.LSS:
			known.c--
		case token.NEQ:
			// What is not zero, and not negative, is positive.
			if known = less.add(more, -1); !known.nonNegative() || known.c != 0 {
				return false
			}
			known.c--
		default:
			return false
		}
		return s.add(known, -1).nonNegative()
	}
	return false
}

// leaves reports whether the statement after the block is not reached from it.
func (l *loop) leaves(block *ast.BlockStmt) bool {
	if len(block.List) == 0 {
		return false
	}
	switch last := block.List[len(block.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok == token.CONTINUE || last.Tok == token.BREAK
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		return ok && !l.flow.MayReturn(call)
	}
	return false
}

// settled reports whether a local variable is never set after its declaration.
func (l *loop) settled(v *types.Var) bool {
	if v.IsField() || v.Parent() == v.Pkg().Scope() {
		return false
	}
	values, ok := l.definitions(v)
	return ok && len(values) <= 1
}

// outermost is the declared function, or literal, that all the local variables
// seen by the loop belong to.
func (l *loop) outermost() inspector.Cursor {
	fn := l.fn
	for around := range l.fn.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		fn = around
	}
	return fn
}

// definitions returns all the expressions that a local variable is set to, and
// ok if nothing else sets it: its address is not taken, and it does not come
// out of a tuple. A parameter has none.
func (l *loop) definitions(v *types.Var) (values []ast.Expr, ok bool) {
	ok = true
	is := func(e ast.Expr) bool {
		u, field := resolve(l.info, e)
		return u == v && field == nil
	}
	ast.Inspect(l.outermost().Node(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if is(lhs) {
					if len(n.Lhs) != len(n.Rhs) {
						ok = false
						break
					}
					values = append(values, n.Rhs[i])
					if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
						values = append(values, lhs)
					}
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if l.info.Defs[name] == v && len(n.Values) > 0 {
					if len(n.Values) != len(n.Names) {
						ok = false
						break
					}
					values = append(values, n.Values[i])
				}
			}
		case *ast.IncDecStmt:
			if is(n.X) {
				values = append(values, n.X, n.X)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND && is(n.X) {
				ok = false
			}
		case *ast.RangeStmt:
			if n.Value != nil && is(n.Value) || n.Key != nil && is(n.Key) {
				values = append(values, n.X)
			}
		}
		return ok
	})
	return values, ok
}

// countsUp reports whether e is a local variable that only ever holds lengths
// and constants, or a count of steps up from them.
func (l *loop) countsUp(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := l.info.Uses[id].(*types.Var)
	if !ok || v.IsField() || v.Parent() == v.Pkg().Scope() || l.parameter(v) {
		return false
	}
	down := false
	is := func(e ast.Expr) bool {
		u, field := resolve(l.info, e)
		return u == v && field == nil
	}
	ast.Inspect(l.outermost().Node(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IncDecStmt:
			down = down || n.Tok == token.DEC && is(n.X)
		case *ast.AssignStmt:
			if n.Tok != token.ASSIGN && n.Tok != token.DEFINE && n.Tok != token.ADD_ASSIGN {
				down = down || is(n.Lhs[0])
			}
		case *ast.RangeStmt:
			down = down || n.Value != nil && is(n.Value) || n.Key != nil && is(n.Key)
		}
		return !down
	})
	values, ok := l.definitions(v)
	if !ok || down {
		return false
	}
	for _, value := range values {
		if is(value) {
			continue
		}
		if _, ok := l.number(value); !ok {
			return false
		}
	}
	return true
}
