package needlesscopy

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/alloc"
	"github.com/heapvet/heapvet/lint"
)

// A growth is a string that grows in a loop.
type growth struct {
	v    *types.Var
	loop ast.Node
}

// concatLoop looks for s += x in a loop that s outlives: what s holds is copied each
// time, so that the work grows with the square of the length.
func (r *pass) concatLoop(cur inspector.Cursor, assign *ast.AssignStmt) {
	v := r.grows(assign)
	if v == nil {
		return
	}
	place := r.hot.At(assign)
	if !place.InLoop() {
		return
	}
	loop := place.Cause
	if g := (growth{v, loop}); r.grown[g] || loop.Pos() <= v.Pos() && v.Pos() < loop.End() {
		return
	}
	r.grown[growth{v, loop}] = true
	if !r.onlyGrows(cur, v, loop) {
		return // a builder would have to make a string in each round
	}
	var sum ast.Node = assign
	if assign.Tok == token.ASSIGN {
		sum = assign.Rhs[0]
	}
	if r.alloc.At(sum).Verdict == alloc.Refuted {
		return // the compiler has made it a constant, or left it out
	}
	r.report(finding{
		category: concatLoop, node: assign, place: place,
		message: v.Name() + " is copied as a whole " + place.When() + " of this loop to make it longer; write the parts to a strings.Builder, or collect and join them",
	})
}

// grows returns the local variable that the statement makes longer: by s += x, or
// s = s + x.
func (r *pass) grows(assign *ast.AssignStmt) *types.Var {
	if len(assign.Lhs) != 1 {
		return nil
	}
	id, ok := ast.Unparen(assign.Lhs[0]).(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := r.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.Parent() == nil || v.Parent() == r.Pkg.Scope() || lint.IsTypeParam(v.Type()) || !lint.IsString(v.Type()) {
		return nil
	}
	switch assign.Tok {
	case token.ADD_ASSIGN:
		return v
	case token.ASSIGN:
		if first, ok := r.leftmost(assign.Rhs[0]).(*ast.Ident); ok && r.TypesInfo.Uses[first] == v {
			return v
		}
	}
	return nil
}

// leftmost returns the first operand of a chain of +, or nil if e is none.
func (r *pass) leftmost(e ast.Expr) ast.Expr {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok || b.Op != token.ADD {
		return nil
	}
	for {
		inner, ok := ast.Unparen(b.X).(*ast.BinaryExpr)
		if !ok || inner.Op != token.ADD {
			return ast.Unparen(b.X)
		}
		b = inner
	}
}

// onlyGrows reports whether the loop does nothing with v but make it longer, and ask
// whether it is empty.
func (r *pass) onlyGrows(cur inspector.Cursor, v *types.Var, loop ast.Node) bool {
	at, ok := lint.Find(r.root, loop)
	if !ok {
		return false
	}
	for use := range at.Preorder((*ast.Ident)(nil)) {
		id := use.Node().(*ast.Ident)
		if r.TypesInfo.Uses[id] != v {
			continue
		}
		for around := range use.Enclosing((*ast.FuncLit)(nil)) {
			if loop.Pos() <= around.Node().Pos() {
				return false // who knows when it runs
			}
		}
		switch use.ParentEdgeKind() {
		case edge.AssignStmt_Lhs:
			if r.grows(use.Parent().Node().(*ast.AssignStmt)) != v {
				return false
			}
			continue
		case edge.BinaryExpr_X, edge.BinaryExpr_Y:
			b := use.Parent().Node().(*ast.BinaryExpr)
			other := b.X
			if other == id {
				other = b.Y
			}
			switch b.Op {
			case token.EQL, token.NEQ:
				if tv := r.TypesInfo.Types[other]; tv.Value != nil {
					continue
				}
			case token.ADD:
				if use.ParentEdgeKind() == edge.BinaryExpr_X && r.isFirst(use) {
					continue
				}
			}
		case edge.CallExpr_Args:
			if fun, ok := ast.Unparen(use.Parent().Node().(*ast.CallExpr).Fun).(*ast.Ident); ok && r.TypesInfo.Uses[fun] == types.Universe.Lookup("len") {
				continue
			}
		}
		return false
	}
	return true
}

// isFirst reports whether the identifier at use is the first operand of what is
// assigned to it.
func (r *pass) isFirst(use inspector.Cursor) bool {
	for cur := use.Parent(); ; cur = cur.Parent() {
		switch cur.ParentEdgeKind() {
		case edge.BinaryExpr_X, edge.ParenExpr_X:
			continue
		case edge.AssignStmt_Rhs:
			return r.grows(cur.Parent().Node().(*ast.AssignStmt)) == r.TypesInfo.Uses[use.Node().(*ast.Ident)]
		}
		return false
	}
}
