package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"
)

// filledHere reports whether the target, a field of a parameter or receiver, is
// as good as a new one: only this package can name the field, and nothing in it
// puts something there but the loop.
func (s *scan) filledHere(t *target) bool {
	if t.field == nil || t.field.Exported() || t.field.Pkg() != s.Pkg {
		return false
	}
	is := func(e ast.Expr) bool {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		return ok && s.TypesInfo.Uses[sel.Sel] == t.field
	}
	empty := func(e ast.Expr) bool { return s.TypesInfo.Types[e].IsNil() }
	ok := true
	for cur := range s.cold.root.Preorder((*ast.AssignStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.CompositeLit)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if !is(lhs) {
					continue
				}
				if len(n.Lhs) != len(n.Rhs) {
					return false
				}
				_, here := t.grows[ast.Unparen(n.Rhs[i])]
				ok = ok && (here || empty(n.Rhs[i]))
			}
		case *ast.UnaryExpr:
			ok = ok && !(n.Op == token.AND && is(n.X))
		case *ast.CompositeLit:
			str, isStruct := s.TypesInfo.TypeOf(n).Underlying().(*types.Struct)
			if !isStruct {
				continue
			}
			for i, e := range n.Elts {
				if kv, keyed := e.(*ast.KeyValueExpr); keyed {
					key, isName := kv.Key.(*ast.Ident)
					ok = ok && !(isName && s.TypesInfo.Uses[key] == t.field && !empty(kv.Value))
				} else {
					ok = ok && !(str.Field(i) == t.field && !empty(e))
				}
			}
		}
		if !ok {
			return false
		}
	}
	return true
}
