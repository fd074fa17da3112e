package escape

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// Outlives reports whether syntax and types alone show that the array behind the
// slice v, or behind the slice that is v's field if field is not nil, cannot be on the
// stack of fn, the function declaration or literal that declares v: it is returned, or
// stored or sent where the compiler follows nothing. The compiler would say the same
// of the function, at the price of a run; false means that it has to be asked.
func Outlives(info *types.Info, fn inspector.Cursor, v, field *types.Var) bool {
	if _, ok := v.Type().Underlying().(*types.Pointer); ok && field != nil {
		return true // what is stored through a pointer is on the heap for the compiler
	}
	o := &outlives{info: info, fn: fn, holds: map[*types.Var]bool{v: true}}
	if decl, ok := fn.Node().(*ast.FuncDecl); ok {
		o.sig, _ = info.Defs[decl.Name].(*types.Func)
	}
	if o.isResult(v) {
		return true
	}
	for n := 0; n < len(o.holds); {
		n = len(o.holds)
		if o.leaves() {
			return true
		}
	}
	return false
}

// outlives follows a value through the variables of a function, in no order, as the
// compiler does.
type outlives struct {
	info  *types.Info
	fn    inspector.Cursor
	sig   *types.Func         // nil in a function literal, which may be inlined where it is called
	holds map[*types.Var]bool // variables that the value is stored in
}

// leaves reports whether the value leaves the function from one of the variables
// that hold it, and notes further variables that do.
func (o *outlives) leaves() bool {
	for cur := range o.fn.Preorder((*ast.Ident)(nil)) {
		v, ok := o.info.Uses[cur.Node().(*ast.Ident)].(*types.Var)
		if ok && o.holds[v] && o.inside(cur) && o.escapes(cur) {
			return true
		}
	}
	return false
}

// inside reports whether cur is in the function itself, not in a literal in it.
func (o *outlives) inside(cur inspector.Cursor) bool {
	for around := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return around.Node() == o.fn.Node()
	}
	return false
}

// escapes reports whether the value of the expression at cur goes where it
// outlives the function.
func (o *outlives) escapes(cur inspector.Cursor) bool {
	for {
		parent := cur.Parent()
		switch cur.ParentEdgeKind() {
		case edge.ParenExpr_X, edge.KeyValueExpr_Value, edge.CompositeLit_Elts, edge.SliceExpr_X:
			// part of a larger value
		case edge.UnaryExpr_X:
			if _, ok := cur.Node().(*ast.CompositeLit); !ok {
				return false
			}
		case edge.CallExpr_Args:
			call := parent.Node().(*ast.CallExpr)
			switch {
			case o.info.Types[call.Fun].IsType():
				if !keepsArray(o.info.TypeOf(call)) {
					return false
				}
			case o.isAppend(call):
				if cur.ParentEdgeIndex() > 0 {
					return !call.Ellipsis.IsValid()
				}
			default:
				return o.opaque(call)
			}
		case edge.ReturnStmt_Results:
			return o.sig != nil
		case edge.SendStmt_Value:
			return true
		case edge.AssignStmt_Rhs:
			stmt := parent.Node().(*ast.AssignStmt)
			return len(stmt.Lhs) == len(stmt.Rhs) && o.stores(stmt.Lhs[cur.ParentEdgeIndex()])
		case edge.ValueSpec_Values:
			spec := parent.Node().(*ast.ValueSpec)
			return len(spec.Names) == len(spec.Values) && o.stores(spec.Names[cur.ParentEdgeIndex()])
		default:
			return false
		}
		cur = parent
	}
}

// stores reports whether what is assigned to the expression outlives the function,
// and notes the local variable that keeps it otherwise.
func (o *outlives) stores(to ast.Expr) bool {
	for {
		switch e := ast.Unparen(to).(type) {
		case *ast.StarExpr:
			return true
		case *ast.SelectorExpr:
			sel := o.info.Selections[e]
			if sel == nil || sel.Indirect() {
				return true // a variable of another package, or through a pointer
			}
			to = e.X
		case *ast.IndexExpr:
			t := o.info.TypeOf(e.X)
			if t == nil {
				return false
			}
			if _, ok := t.Underlying().(*types.Array); !ok {
				return true
			}
			to = e.X
		case *ast.Ident:
			v, ok := o.info.ObjectOf(e).(*types.Var)
			switch {
			case !ok || e.Name == "_":
				return false
			case v.Parent() == v.Pkg().Scope() || o.isResult(v):
				return true
			}
			if o.declares(v) {
				o.holds[v] = true
			}
			return false
		default:
			return false
		}
	}
}

// opaque reports whether the call runs code that the compiler cannot know: that of
// an interface or a function that the caller, or another function, has chosen.
func (o *outlives) opaque(call *ast.CallExpr) bool {
	fun := ast.Unparen(call.Fun)
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		selection := o.info.Selections[sel]
		if selection != nil && selection.Kind() == types.MethodVal {
			_, generic := types.Unalias(selection.Recv()).(*types.TypeParam)
			return !generic && types.IsInterface(selection.Recv()) && o.foreign(sel.X)
		}
	}
	return o.foreign(fun)
}

// foreign reports whether e is a variable whose value comes from elsewhere: a
// parameter, a variable of a package, or a field behind a pointer.
func (o *outlives) foreign(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		sel := o.info.Selections[e]
		if sel == nil {
			_, ok := o.info.Uses[e.Sel].(*types.Var)
			return ok
		}
		return sel.Kind() == types.FieldVal && sel.Indirect()
	case *ast.Ident:
		v, ok := o.info.Uses[e].(*types.Var)
		if !ok {
			return false
		}
		return v.Parent() == v.Pkg().Scope() || o.isParam(v)
	}
	return false
}

func (o *outlives) isParam(v *types.Var) bool {
	if o.sig == nil {
		return false
	}
	sig := o.sig.Signature()
	return v == sig.Recv() || has(sig.Params(), v)
}

func (o *outlives) isResult(v *types.Var) bool {
	return o.sig != nil && has(o.sig.Signature().Results(), v)
}

func has(tuple *types.Tuple, v *types.Var) bool {
	for w := range tuple.Variables() {
		if v == w {
			return true
		}
	}
	return false
}

// declares reports whether v is a variable of the function itself.
func (o *outlives) declares(v *types.Var) bool {
	node := o.fn.Node()
	if v.Pos() < node.Pos() || node.End() <= v.Pos() {
		return false
	}
	cur, ok := o.fn.FindByPos(v.Pos(), v.Pos()+token.Pos(len(v.Name())))
	return ok && o.inside(cur)
}

func (o *outlives) isAppend(call *ast.CallExpr) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := o.info.Uses[id].(*types.Builtin)
	return ok && b.Name() == "append"
}

// keepsArray reports whether a slice that is converted to t still refers to its array.
func keepsArray(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Interface:
		return true
	}
	return false
}
