package ctxlost

import (
	"go/ast"
	"go/types"

	"github.com/heapvet/heapvet/lint"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// calledByName reports whether a function literal is the value of a local variable with which
// nothing is done but to call it, while the function around runs.
func (r *run) calledByName(lit inspector.Cursor) bool {
	var obj types.Object
	switch stmt := lit.Parent().Node().(type) {
	case *ast.AssignStmt:
		if _, i := lit.ParentEdge(); len(stmt.Lhs) == len(stmt.Rhs) {
			obj = r.object(stmt.Lhs[i])
		}
	case *ast.ValueSpec:
		if _, i := lit.ParentEdge(); len(stmt.Names) == len(stmt.Values) {
			obj = r.TypesInfo.Defs[stmt.Names[i]]
		}
	}
	if obj == nil || obj.Parent() == r.Pkg.Scope() || endsWork(obj.Name()) {
		return false
	}
	for fn := range lit.Parent().Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		return inside(lit.Node(), fn.Node()) && fn.Node().Pos() <= obj.Pos() && r.isOnlyCalled(obj, fn)
	}
	return false
}

// onlyCalls reports whether a function of the package does nothing with its parameter i but to call it, and
// does so for its caller: it is given the context of that as well, or has nothing but plain values. What it
// returns otherwise may be for others who have asked for the same.
func (r *run) onlyCalls(fn *types.Func, i int) bool {
	c, ok := r.declOf(fn)
	if !ok || fn.Signature().Variadic() {
		return false
	}
	given := false
	for p := range fn.Signature().Params().Variables() {
		given = given || isContext(p.Type()) || leadsToContext(p.Type()) != ""
	}
	if !given && !r.hasNothing(fn, lint.Body(c.Node())) {
		return false
	}
	p := r.parameterObject(c.Node().(*ast.FuncDecl).Type, i)
	return p != nil && r.isOnlyCalled(p, c)
}

// hasNothing reports whether a function is given functions and plain values alone, and shares no variables with
// other calls.
func (r *run) hasNothing(fn *types.Func, body ast.Node) bool {
	if fn.Signature().Recv() != nil {
		return false
	}
	for p := range fn.Signature().Params().Variables() {
		switch p.Type().Underlying().(type) {
		case *types.Basic, *types.Signature:
		default:
			return false
		}
	}
	return !r.remembers(body, map[*types.Func]bool{fn: true})
}

// remembers reports whether a body, or a function of the package that it calls, uses variables of a package other
// than errors.
func (r *run) remembers(body ast.Node, seen map[*types.Func]bool) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || found {
			return !found
		}
		switch obj := r.TypesInfo.Uses[id].(type) {
		case *types.Var:
			found = obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope() && !lint.IsError(obj.Type())
		case *types.Func:
			if c, ok := r.declOf(obj); ok && !seen[obj] {
				seen[obj] = true
				found = r.remembers(lint.Body(c.Node()), seen)
			}
		}
		return !found
	})
	return found
}

// isOnlyCalled reports whether all uses of a function in a variable are calls in the body of fn
// itself, or in loops and conditions of it, that are neither deferred nor made in a goroutine.
func (r *run) isOnlyCalled(obj types.Object, fn inspector.Cursor) bool {
	called := false
	for c := range fn.Preorder((*ast.Ident)(nil)) {
		if r.TypesInfo.Uses[c.Node().(*ast.Ident)] != obj {
			continue
		}
		if c.ParentEdgeKind() != edge.CallExpr_Fun {
			if c.ParentEdgeKind() == edge.AssignStmt_Lhs {
				return false
			}
			if e, ok := c.Parent().Node().(*ast.BinaryExpr); ok && (isNil(e.X) || isNil(e.Y)) {
				continue
			}
			return false
		}
		called = true
		if r.afterEnd(lint.Body(fn.Node()), c.Parent().Node(), hand{}) {
			return false // it deals with what has failed
		}
		for around := range c.Parent().Parent().Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil), (*ast.GoStmt)(nil), (*ast.DeferStmt)(nil)) {
			if around != fn {
				return false
			}
			break
		}
	}
	return called
}
