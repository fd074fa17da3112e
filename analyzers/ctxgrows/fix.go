package ctxgrows

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// fix makes the variable one of the iteration, by := in place of =, where that
// compiles and changes nothing but the growth: it is read after the assignment in the
// loop, nowhere before it but to derive from it, and not after the loop.
func (r *run) fix(cur inspector.Cursor, c *cycle) (fix analysis.SuggestedFix, ok bool) {
	assign, isAssign := cur.Node().(*ast.AssignStmt)
	if !isAssign || assign.Tok != token.ASSIGN || len(assign.Lhs) != 1 {
		return fix, false
	}
	id, isIdent := assign.Lhs[0].(*ast.Ident)
	if !isIdent || cur.Parent().Node() != loopBody(c.loop.stmt) {
		return fix, false
	}
	v, isVar := r.TypesInfo.Uses[id].(*types.Var)
	if !isVar || v.IsField() || v.Parent() == r.Pkg.Scope() {
		return fix, false
	}
	if !types.Identical(r.TypesInfo.TypeOf(assign.Rhs[0]), v.Type()) || !r.onlyDerived(cur, assign, v) {
		return fix, false
	}
	fn, found := enclosingFunc(cur)
	if !found || v.Pos() < fn.Node().Pos() || v.Pos() >= fn.Node().End() {
		return fix, false
	}
	after := false
	for use := range fn.Preorder((*ast.Ident)(nil)) {
		n := use.Node().(*ast.Ident)
		if r.TypesInfo.Uses[n] != v || assign.Pos() <= n.Pos() && n.Pos() < assign.End() {
			continue
		}
		inLoop := c.loop.stmt.Pos() <= n.Pos() && n.Pos() < c.loop.stmt.End()
		switch {
		case inLoop && n.Pos() < assign.Pos():
			return fix, false // sees the iteration before
		case inLoop:
			if isAssigned(use) {
				return fix, false
			}
			after = true
		case n.Pos() >= c.loop.stmt.End(), inLiteral(use, fn), around(use, c.loop.stmt):
			return fix, false // sees the last iteration
		}
	}
	if !after || isResult(r.TypesInfo, fn, v) || hasLabels(fn) {
		return fix, false
	}
	return analysis.SuggestedFix{
		Message:   "Declare " + id.Name + " in the iteration",
		TextEdits: []analysis.TextEdit{{Pos: assign.TokPos, End: assign.TokPos + 1, NewText: []byte(":=")}},
	}, true
}

func loopBody(stmt ast.Node) ast.Node {
	switch s := stmt.(type) {
	case *ast.ForStmt:
		return s.Body
	case *ast.RangeStmt:
		return s.Body
	}
	return nil
}

// onlyDerived reports whether the right-hand side uses the variable only as what it derives from:
// as the first argument of calls, or to get at its context.
func (r *run) onlyDerived(cur inspector.Cursor, assign *ast.AssignStmt, v *types.Var) bool {
	for use := range cur.Preorder((*ast.Ident)(nil)) {
		n := use.Node().(*ast.Ident)
		if r.TypesInfo.Uses[n] != v || n.Pos() < assign.TokPos {
			continue
		}
		for c := use; c.Node() != assign; c = c.Parent() {
			switch c.ParentEdgeKind() {
			case edge.CallExpr_Args:
				if c.ParentEdgeIndex() != 0 {
					return false
				}
			case edge.CallExpr_Fun, edge.SelectorExpr_X, edge.ParenExpr_X, edge.AssignStmt_Rhs:
			default:
				return false
			}
		}
	}
	return true
}

func enclosingFunc(cur inspector.Cursor) (inspector.Cursor, bool) {
	for c := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return c, true
	}
	return cur, false
}

// isAssigned reports whether the identifier is assigned, or its address taken.
func isAssigned(use inspector.Cursor) bool {
	switch use.ParentEdgeKind() {
	case edge.AssignStmt_Lhs, edge.UnaryExpr_X, edge.RangeStmt_Key, edge.RangeStmt_Value:
		return true
	}
	return false
}

// inLiteral reports whether the identifier stands in a function literal within fn.
func inLiteral(use, fn inspector.Cursor) bool {
	inner, ok := enclosingFunc(use)
	return ok && inner.Node() != fn.Node()
}

// around reports whether a loop encloses both the identifier and the statement.
func around(use inspector.Cursor, stmt ast.Node) bool {
	for c := range use.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if c.Node().Pos() < stmt.Pos() && stmt.End() <= c.Node().End() {
			return true
		}
	}
	return false
}

// isResult reports whether v is a result of the function.
func isResult(info *types.Info, fn inspector.Cursor, v *types.Var) bool {
	var sig *types.Signature
	switch n := fn.Node().(type) {
	case *ast.FuncDecl:
		if obj, ok := info.Defs[n.Name].(*types.Func); ok {
			sig = obj.Signature()
		}
	case *ast.FuncLit:
		sig, _ = info.TypeOf(n).(*types.Signature)
	}
	if sig == nil {
		return true
	}
	return slices.Contains(slices.Collect(sig.Results().Variables()), v)
}

// hasLabels reports whether the function jumps about: := may not be jumped over.
func hasLabels(fn inspector.Cursor) bool {
	for range fn.Preorder((*ast.LabeledStmt)(nil)) {
		return true
	}
	return false
}
