package escape

import (
	"go/ast"
	"go/token"
	"go/types"
)

func isLocal(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	return ok && !v.IsField() && v.Parent() != nil && v.Parent() != v.Pkg().Scope()
}

// boxedFree reports whether values of type t enter an interface without an
// allocation: pointers, bytes, and values without a size.
func boxedFree(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	if b, ok := t.Underlying().(*types.Basic); ok {
		switch b.Kind() {
		case types.Bool, types.Int8, types.Uint8, types.UntypedNil, types.UntypedBool:
			return true
		}
	}
	return types.IsInterface(t) || pointerShaped(t) || zeroSize(t)
}

func pointerShaped(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Chan, *types.Map, *types.Signature:
		return true
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Struct:
		return u.NumFields() == 1 && pointerShaped(u.Field(0).Type())
	case *types.Array:
		return u.Len() == 1 && pointerShaped(u.Elem())
	}
	return false
}

func zeroSize(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if !zeroSize(f.Type()) {
				return false
			}
		}
		return true
	case *types.Array:
		return u.Len() == 0 || zeroSize(u.Elem())
	}
	return false
}

// static reports whether e is a composite literal that the compiler lays out in
// the program's read-only data.
func (r *Report) static(e ast.Expr) bool {
	e = ast.Unparen(e)
	if tv := r.pass.TypesInfo.Types[e]; tv.Value != nil || tv.IsNil() {
		return true
	}
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return false
	}
	switch typeOf(r.pass.TypesInfo.Types[lit]).(type) {
	case *types.Struct, *types.Array:
	default:
		return false
	}
	for _, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			elt = kv.Value
		}
		if !r.static(elt) || types.IsInterface(r.pass.TypesInfo.TypeOf(elt)) {
			return false
		}
	}
	return true
}

// unchanged reports whether e is a local variable that keeps its first value,
// and that value is not computed at run time. The compiler looks through such
// variables.
func (r *Report) unchanged(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	obj, ok := r.pass.TypesInfo.Uses[id].(*types.Var)
	return ok && isLocal(obj) && !r.writes()[obj]
}

// findWrites returns the variables that are assigned to or whose address is
// taken after their declaration, or that are declared with a computed value.
func (r *Report) findWrites() map[types.Object]bool {
	info := r.pass.TypesInfo
	writes := make(map[types.Object]bool)
	var write func(e ast.Expr)
	write = func(e ast.Expr) {
		switch e := ast.Unparen(e).(type) {
		case *ast.Ident:
			writes[info.ObjectOf(e)] = true
		case *ast.SelectorExpr:
			write(e.X)
		case *ast.IndexExpr:
			write(e.X)
		case *ast.SliceExpr:
			write(e.X)
		}
	}
	fields := func(lists ...*ast.FieldList) {
		for _, list := range lists {
			if list != nil {
				for _, f := range list.List {
					for _, id := range f.Names {
						write(id)
					}
				}
			}
		}
	}
	for _, f := range r.pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i, lhs := range n.Lhs {
					if n.Tok != token.DEFINE || len(n.Lhs) != len(n.Rhs) || !r.static(n.Rhs[i]) {
						write(lhs)
					} else if id, ok := lhs.(*ast.Ident); ok && info.Defs[id] == nil {
						write(lhs)
					}
				}
			case *ast.ValueSpec:
				for i, id := range n.Names {
					if len(n.Values) > 0 && (len(n.Values) != len(n.Names) || !r.static(n.Values[i])) {
						write(id)
					}
				}
			case *ast.IncDecStmt:
				write(n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					write(n.X)
				}
			case *ast.RangeStmt:
				if n.Key != nil {
					write(n.Key)
				}
				if n.Value != nil {
					write(n.Value)
				}
			case *ast.CaseClause:
				if obj := info.Implicits[n]; obj != nil {
					writes[obj] = true
				}
			case *ast.FuncDecl:
				fields(n.Recv, n.Type.Params, n.Type.Results)
			case *ast.FuncLit:
				fields(n.Type.Params, n.Type.Results)
			}
			return true
		})
	}
	return writes
}

// makesNothing reports whether n allocates nothing by itself, so that what the
// compiler says about it is said about its copy in an interface.
func (r *Report) makesNothing(n ast.Node) bool {
	e, ok := n.(ast.Expr)
	if !ok {
		return false
	}
	switch r.classOf(ast.Unparen(e)) {
	case otherRow, argumentsRow, interfaceRow:
		return true
	case literalRow:
		switch typeOf(r.pass.TypesInfo.Types[e]).(type) {
		case *types.Struct, *types.Array:
			return true
		}
	}
	return false
}
