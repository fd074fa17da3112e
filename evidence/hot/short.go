package hot

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"

	"github.com/heapvet/heapvet/lint"
)

// shortList reports whether the loop walks over a local slice whose elements are written down
// one by one: in a literal, or in calls of append that no loop repeats.
func (r *Report) shortList(n *ast.RangeStmt) bool {
	id, ok := ast.Unparen(n.X).(*ast.Ident)
	if !ok {
		return false
	}
	info := r.pass.TypesInfo
	v, ok := info.Uses[id].(*types.Var)
	c, found := lint.Find(r.root, n)
	if !ok || !found || v.Parent() == r.pass.Pkg.Scope() {
		return false
	}
	if _, ok := v.Type().Underlying().(*types.Slice); !ok {
		return false
	}
	made, elems := false, 0
	for fn := range c.Enclosing((*ast.FuncDecl)(nil)) {
		for use := range fn.Preorder((*ast.Ident)(nil)) {
			id := use.Node().(*ast.Ident)
			if info.Defs[id] != v && info.Uses[id] != v {
				continue
			}
			var value ast.Expr
			switch kind, i := use.ParentEdge(); kind {
			case edge.AssignStmt_Lhs:
				stmt := use.Parent().Node().(*ast.AssignStmt)
				if len(stmt.Lhs) != len(stmt.Rhs) || stmt.Tok != token.ASSIGN && stmt.Tok != token.DEFINE {
					return false
				}
				value = stmt.Rhs[i]
			case edge.ValueSpec_Names:
				spec := use.Parent().Node().(*ast.ValueSpec)
				if len(spec.Values) == 0 {
					made = true
					continue
				}
				if len(spec.Values) != len(spec.Names) {
					return false
				}
				value = spec.Values[i]
			case edge.RangeStmt_X, edge.CallExpr_Args, edge.IndexExpr_X, edge.BinaryExpr_X:
				continue // append and others that get a slice cannot lengthen the variable
			default:
				return false
			}
			k := r.elements(value, v)
			if k < 0 {
				return false
			}
			for range use.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil)) {
				if info.Defs[id] != v {
					return false // once more with every round
				}
			}
			made = true
			elems += k
		}
	}
	return made && elems <= smallLoop
}

// elements returns how many elements an assignment of value adds to the slice v, or -1.
func (r *Report) elements(value ast.Expr, v *types.Var) int {
	switch value := ast.Unparen(value).(type) {
	case *ast.CompositeLit:
		for _, elt := range value.Elts {
			if _, ok := elt.(*ast.KeyValueExpr); ok {
				return -1
			}
		}
		return len(value.Elts)
	case *ast.CallExpr:
		fn, ok := ast.Unparen(value.Fun).(*ast.Ident)
		if !ok || r.pass.TypesInfo.Uses[fn] != types.Universe.Lookup("append") || value.Ellipsis.IsValid() {
			return -1
		}
		if to, ok := ast.Unparen(value.Args[0]).(*ast.Ident); ok && r.pass.TypesInfo.Uses[to] == v {
			return len(value.Args) - 1
		}
	case *ast.Ident:
		if r.pass.TypesInfo.Types[value].IsNil() {
			return 0
		}
	}
	return -1
}
