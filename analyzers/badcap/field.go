package badcap

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// inOwnField finds the field that is set to the new slice, and what the same function appends to it. It
// reports whether that is all that the function sets the field to.
func (m *slice) inOwnField() bool {
	stmt := m.cur.Parent()
	as, ok := stmt.Node().(*ast.AssignStmt)
	if !ok || len(as.Lhs) != 1 || len(as.Rhs) != 1 || as.Tok != token.ASSIGN {
		return false
	}
	sel, ok := as.Lhs[0].(*ast.SelectorExpr)
	if !ok || !m.simple(sel) || stmt.ParentEdgeKind() != edge.BlockStmt_List {
		return false
	}
	m.v, _ = m.TypesInfo.Uses[sel.Sel].(*types.Var)
	if m.v == nil || !m.v.IsField() {
		return false
	}
	m.stmt = stmt
	for next, ok := stmt.NextSibling(); ok; next, ok = next.NextSibling() {
		m.block = append(m.block, next)
	}
	var fn inspector.Cursor
	for around := range m.cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		fn = around
	}
	if !fn.Valid() {
		return false
	}
	for c := range fn.Preorder((*ast.AssignStmt)(nil)) {
		other := c.Node().(*ast.AssignStmt)
		if other == as || len(other.Lhs) != 1 || len(other.Rhs) != 1 || !m.same(other.Lhs[0], sel) {
			continue
		}
		call, ok := ast.Unparen(other.Rhs[0]).(*ast.CallExpr)
		if !ok || !m.isBuiltin(call.Fun, "append") || len(call.Args) < 2 || !m.same(call.Args[0], sel) || !m.after(c) {
			return false
		}
		m.grows = append(m.grows, growth{call, c})
	}
	return len(m.grows) > 0
}
