package badcap

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

// inElement reports whether the new slice is put into a map or a slice in a local variable.
func (m *slice) inElement() bool {
	as, ok := m.cur.Parent().Node().(*ast.AssignStmt)
	if !ok || len(as.Lhs) != 1 || as.Tok != token.ASSIGN {
		return false
	}
	to, ok := as.Lhs[0].(*ast.IndexExpr)
	return ok && m.simple(to) && m.variableOf(to.X) != nil
}

// zerosInElement does the same as zeros where the very next statement is the loop that appends as many elements as the
// length says, and does nothing else with the slice.
func (m *slice) zerosInElement() {
	stmt := m.cur.Parent()
	to := stmt.Node().(*ast.AssignStmt).Lhs[0].(*ast.IndexExpr)
	loop, ok := stmt.NextSibling()
	if !ok || stmt.ParentEdgeKind() != edge.BlockStmt_List || !m.counts(loop.Node(), m.call.Args[1]) {
		return
	}
	for c := range loop.Preorder((*ast.Ident)(nil)) {
		v := m.variableOf(c.Node().(*ast.Ident))
		switch kind := c.ParentEdgeKind(); {
		case v == nil:
		case v == m.variableOf(to.X) && kind != edge.IndexExpr_X,
			v == m.variableOf(to.Index) && (kind == edge.AssignStmt_Lhs || kind == edge.IncDecStmt_X || kind == edge.UnaryExpr_X):
			return // handed on, or another index
		}
	}
	var first *ast.CallExpr
	for c := range loop.Preorder((*ast.IndexExpr)(nil)) {
		if e := c.Node().(*ast.IndexExpr); !m.same(e, to) {
			if m.same(e.X, to.X) {
				return // perhaps the same
			}
			continue
		}
		call, ok := m.growsAt(c)
		if !ok {
			return
		}
		if first == nil {
			first = call
		}
	}
	if first != nil {
		m.reportZeros(lint.Text(to), first)
	}
}

// growsAt returns the append that the element at c grows by: to[i] = append(to[i], …).
func (m *slice) growsAt(c inspector.Cursor) (*ast.CallExpr, bool) {
	stmt := c.Parent()
	if c.ParentEdgeKind() == edge.CallExpr_Args && c.ParentEdgeIndex() == 0 {
		stmt = stmt.Parent()
	}
	as, ok := stmt.Node().(*ast.AssignStmt)
	if !ok || len(as.Lhs) != 1 || len(as.Rhs) != 1 || as.Tok != token.ASSIGN {
		return nil, false
	}
	call, ok := ast.Unparen(as.Rhs[0]).(*ast.CallExpr)
	if !ok || !m.isBuiltin(call.Fun, "append") || len(call.Args) != 2 || call.Ellipsis.IsValid() || !m.same(call.Args[0], as.Lhs[0]) {
		return nil, false
	}
	return call, true
}
