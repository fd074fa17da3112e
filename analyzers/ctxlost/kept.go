package ctxlost

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// checkCollections reports cancel functions that are put in a map or slice of the package out of
// which nothing ever takes one.
func (r *run) checkCollections() {
	type putting struct {
		expr ast.Expr
		with *types.Func
	}
	found := make(map[*types.Var]putting)
	var order []*types.Var
	for c := range r.root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		if !r.makesCancel(call) || r.inTest(call) {
			continue
		}
		stmt, ok := c.Parent().Node().(*ast.AssignStmt)
		if !ok || len(stmt.Lhs) != 2 {
			continue
		}
		at, expr := r.putIn(c, stmt.Lhs[1])
		if at == nil {
			continue
		}
		if _, known := found[at]; !known {
			found[at] = putting{expr, r.callee(call)}
			order = append(order, at)
		}
	}
	if len(found) == 0 {
		return
	}
	for c := range r.root.Preorder((*ast.Ident)(nil)) {
		if v, ok := r.TypesInfo.Uses[c.Node().(*ast.Ident)].(*types.Var); ok {
			if _, known := found[v.Origin()]; known && !r.onlyKept(c) {
				delete(found, v.Origin())
			}
		}
	}
	for _, v := range order {
		p, ok := found[v]
		if !ok {
			continue
		}
		what := "field"
		if !v.IsField() {
			what = "package variable"
		}
		r.Report(analysis.Diagnostic{
			Pos: p.expr.Pos(), End: p.expr.End(), Category: cancelField,
			Message: fmt.Sprintf("the cancel functions that are kept in %s %s are never called: whatever waits for %s to end waits for the parent to end",
				what, v.Name(), held(p.with)),
			Related: []analysis.RelatedInformation{{Pos: v.Pos(), End: v.Pos() + token.Pos(len(v.Name())), Message: "nothing takes a function out of it"}},
		})
	}
}

// putIn returns the unexported field or package variable, a map or slice, that a cancel function
// is put in, and where, if that is all that becomes of it.
func (r *run) putIn(with inspector.Cursor, lhs ast.Expr) (at *types.Var, expr ast.Expr) {
	if index, ok := lhs.(*ast.IndexExpr); ok {
		return r.collection(index.X), index
	}
	obj := r.object(lhs)
	if obj == nil || obj.Parent() == r.Pkg.Scope() {
		return nil, nil
	}
	fn, ok := r.functionAround(with)
	if !ok {
		return nil, nil
	}
	for c := range fn.Preorder((*ast.Ident)(nil)) {
		if r.TypesInfo.Uses[c.Node().(*ast.Ident)] != obj {
			continue
		}
		var to *types.Var
		switch kind, i := c.ParentEdge(); kind {
		case edge.AssignStmt_Rhs:
			stmt := c.Parent().Node().(*ast.AssignStmt)
			if index, ok := stmt.Lhs[min(i, len(stmt.Lhs)-1)].(*ast.IndexExpr); ok {
				to = r.collection(index.X)
			}
		case edge.CallExpr_Args:
			if call := c.Parent().Node().(*ast.CallExpr); i > 0 && r.isBuiltin(call, "append") && c.Parent().ParentEdgeKind() == edge.AssignStmt_Rhs {
				to = r.collection(call.Args[0])
			}
		}
		if to == nil || at != nil && at != to {
			return nil, nil
		}
		at, expr = to, c.Node().(ast.Expr)
	}
	return at, expr
}

// collection returns the unexported field or package variable that e names, or nil.
func (r *run) collection(e ast.Expr) *types.Var {
	var id *ast.Ident
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		id = e.Sel
	case *ast.Ident:
		id = e
	default:
		return nil
	}
	v, ok := r.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.Exported() || v.Pkg() != r.Pkg || !v.IsField() && v.Parent() != r.Pkg.Scope() {
		return nil
	}
	return v.Origin()
}

// isBuiltin reports whether a call is of one of the named predeclared functions.
func (r *run) isBuiltin(call *ast.CallExpr, names ...string) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || !r.TypesInfo.Types[id].IsBuiltin() {
		return false
	}
	for _, name := range names {
		if id.Name == name {
			return true
		}
	}
	return false
}

// onlyKept reports whether the use of a map or slice at c takes nothing out of it: it puts
// something in, deletes, counts, or makes it anew.
func (r *run) onlyKept(c inspector.Cursor) bool {
	if c.ParentEdgeKind() == edge.SelectorExpr_Sel {
		c = c.Parent()
	}
	switch kind, i := c.ParentEdge(); kind {
	case edge.AssignStmt_Lhs, edge.KeyValueExpr_Key:
		return true
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		return true // compared with nil
	case edge.RangeStmt_X:
		value := c.Parent().Node().(*ast.RangeStmt).Value
		return value == nil || isBlank(value)
	case edge.CallExpr_Args:
		call := c.Parent().Node().(*ast.CallExpr)
		switch {
		case r.isBuiltin(call, "len", "cap", "delete", "clear"):
			return true
		case r.isBuiltin(call, "append"):
			// Back to where it came from.
			stmt, ok := c.Parent().Parent().Node().(*ast.AssignStmt)
			return ok && i == 0 && len(stmt.Lhs) == 1 && types.ExprString(stmt.Lhs[0]) == types.ExprString(c.Node().(ast.Expr))
		}
	case edge.IndexExpr_X:
		switch c.Parent().ParentEdgeKind() {
		case edge.AssignStmt_Lhs:
			return true
		case edge.AssignStmt_Rhs: // is there one?
			stmt := c.Parent().Parent().Node().(*ast.AssignStmt)
			return len(stmt.Rhs) == 1 && isBlank(stmt.Lhs[0])
		case edge.BinaryExpr_X, edge.BinaryExpr_Y:
			return true
		}
	}
	return false
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}
