package ctxlost

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

// finishes reports whether the work of a call is the second half of a change: the function has made the
// first one under the context at hand, and nobody waits for more of this one than its error. Given
// up in between, the change would stay half done.
func (r *run) finishes(work *ast.CallExpr, h hand) bool {
	c, ok := lint.Find(r.root, work)
	if !ok || !r.commands(c) {
		return false
	}
	for stmt := range lint.Earlier(c) {
		if stmt.Pos() < h.fn.Node().Pos() {
			break
		}
		if r.changes(stmt, h) {
			return true
		}
	}
	return false
}

// commands reports whether what a call returns is not looked at, but for an error.
func (r *run) commands(c inspector.Cursor) bool {
	switch stmt := c.Parent().Node().(type) {
	case *ast.ExprStmt:
		return true
	case *ast.AssignStmt:
		return len(stmt.Rhs) == 1 && !slices.ContainsFunc(stmt.Lhs, func(lhs ast.Expr) bool {
			id, ok := lhs.(*ast.Ident)
			return !ok || id.Name != "_" && !lint.IsError(r.TypesInfo.TypeOf(id))
		})
	case *ast.ReturnStmt:
		return len(stmt.Results) == 1 && lint.IsError(r.TypesInfo.TypeOf(stmt.Results[0]))
	}
	return false
}

// changes reports whether a statement makes a change, by the name of the function that it calls with
// the context at hand and that returns nothing but an error.
func (r *run) changes(stmt ast.Stmt, h hand) bool {
	if cond, ok := stmt.(*ast.IfStmt); ok {
		stmt = cond.Init
	}
	as, ok := stmt.(*ast.AssignStmt)
	if !ok || len(as.Rhs) != 1 || len(as.Lhs) != 1 || !lint.IsError(r.TypesInfo.TypeOf(as.Lhs[0])) {
		return false
	}
	call, ok := ast.Unparen(as.Rhs[0]).(*ast.CallExpr)
	if !ok || len(call.Args) < 2 || r.object(call.Args[0]) != h.obj || h.request {
		return false
	}
	fn := r.callee(call)
	return fn != nil && lint.Leads(fn.Name(), "Set", "Update", "Insert", "Create", "Save", "Store", "Delete", "Remove", "Put", "Add", "Write", "Upsert", "Replace", "Reset")
}
