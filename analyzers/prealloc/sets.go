package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/heapvet/heapvet/lint"
)

// ofNew reports whether e is the field of a struct that the function itself makes, with a
// map or slice of its own, and that is none of vars.
func (l *loop) ofNew(e *ast.SelectorExpr, field *types.Var, vars map[*types.Var]bool) bool {
	v, _ := resolve(l.info, e.X)
	id, ok := ast.Unparen(e.X).(*ast.Ident)
	if !ok || v == nil || vars[v] || l.info.Uses[id] != v || v.Parent() == v.Pkg().Scope() {
		return false
	}
	values, ok := l.definitions(v)
	if !ok || len(values) != 1 {
		return false
	}
	value := ast.Unparen(values[0])
	if addr, ok := value.(*ast.UnaryExpr); ok {
		value = ast.Unparen(addr.X)
	}
	lit, ok := value.(*ast.CompositeLit)
	if !ok || !isStruct(l.info.TypeOf(lit)) {
		return false
	}
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		key, _ := kv.Key.(*ast.Ident)
		call, isCall := ast.Unparen(kv.Value).(*ast.CallExpr)
		if key != nil && l.info.Uses[key] == field {
			return isCall && isBuiltin(l.info, call.Fun, "make")
		}
	}
	return false
}

// changed reports whether the statements in n may change what the operands of e
// hold: an assignment to one of their variables or fields, its address taken, a
// deletion, or a call that is handed one of them.
func (l *loop) changed(e ast.Expr, n ast.Node) bool {
	vars := make(map[*types.Var]bool)
	simple := true
	owners, owned := []types.Type(nil), true // the structs that the fields in e are of, if e is nothing but fields of a variable
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if v, ok := l.info.Uses[n].(*types.Var); ok {
				vars[v] = true
				global := v.Parent() == v.Pkg().Scope()
				simple = simple && !global && !isMap(v.Type())
				owned = owned && !global && !isMap(v.Type())
			}
		case *ast.SelectorExpr:
			simple = false
			owners = append(owners, lint.Deref(l.info.TypeOf(n.X)))
			sel := l.info.Selections[n]
			owned = owned && sel != nil && len(sel.Index()) == 1
		case *ast.IndexExpr, *ast.StarExpr:
			simple, owned = false, false
		}
		return true
	})
	hands := func(e ast.Expr) bool {
		return mentionsAny(l.info, e, vars) && l.reaches(e) && !(owned && len(owners) > 0 && !leadsTo(l.info.TypeOf(e), owners, nil))
	}
	mentions := func(e ast.Node) bool { return mentionsAny(l.info, e, vars) }
	// written reports whether an assignment to e sets one of the variables,
	// rather than an element of what it holds.
	written := func(e ast.Expr) bool {
		for {
			switch x := ast.Unparen(e).(type) {
			case *ast.IndexExpr:
				if t := l.info.TypeOf(x.X); t != nil && !isMap(t) && simple {
					return false
				}
				e = x.X
			case *ast.SelectorExpr:
				// Another field of the same object is another place.
				if sel := l.info.Selections[x]; sel != nil && sel.Kind() == types.FieldVal {
					field, _ := sel.Obj().(*types.Var)
					return vars[field] && !l.ofNew(x, field, vars)
				}
				return mentions(x)
			default:
				return mentions(x)
			}
		}
	}
	bad := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				bad = bad || written(lhs)
			}
		case *ast.IncDecStmt:
			bad = bad || written(n.X)
		case *ast.RangeStmt:
			bad = bad || n.Key != nil && written(n.Key) || n.Value != nil && written(n.Value)
		case *ast.UnaryExpr:
			bad = bad || n.Op == token.AND && written(n.X)
		case *ast.CallExpr:
			if !simple && !isBuiltin(l.info, n.Fun, "len", "cap", "append", "copy", "min", "max") && !l.info.Types[n.Fun].IsType() {
				bad = bad || mentions(n.Fun) && hands(receiver(n))
				for _, arg := range n.Args {
					bad = bad || hands(arg)
				}
			}
		}
		return !bad
	})
	return bad
}

// mentionsAny reports whether one of the variables, which may be fields, occurs in n.
func mentionsAny(info *types.Info, n ast.Node, vars map[*types.Var]bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := info.Uses[id].(*types.Var); ok && vars[v] {
				found = true
			}
		}
		return !found
	})
	return found
}

// leadsTo reports whether a value of one of the types may be reached by way of one of type t.
func leadsTo(t types.Type, to []types.Type, seen []types.Type) bool {
	same := func(u types.Type) bool { return types.Identical(t, u) }
	if t == nil || slices.ContainsFunc(to, same) {
		return true
	}
	if slices.ContainsFunc(seen, same) {
		return false
	}
	seen = append(seen, t)
	if lint.IsTypeParam(t) || len(seen) > 40 {
		return true
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Pointer:
		return leadsTo(t.Elem(), to, seen)
	case *types.Slice:
		return leadsTo(t.Elem(), to, seen)
	case *types.Array:
		return leadsTo(t.Elem(), to, seen)
	case *types.Map:
		return leadsTo(t.Key(), to, seen) || leadsTo(t.Elem(), to, seen)
	case *types.Struct:
		for f := range t.Fields() {
			if leadsTo(f.Type(), to, seen) {
				return true
			}
		}
		return false
	}
	return true // whatever an interface, a function or a channel leads to
}

// receiver returns what the method is called on, if the call is of one, else the function.
func receiver(call *ast.CallExpr) ast.Expr {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return call.Fun
}

// reaches reports whether a function that is handed e may change something by it: e is
// not a copy of plain values.
func (l *loop) reaches(e ast.Expr) bool {
	var plain func(t types.Type) bool
	plain = func(t types.Type) bool {
		switch t := t.Underlying().(type) {
		case *types.Basic:
			return t.Kind() != types.UnsafePointer
		case *types.Array:
			return plain(t.Elem())
		case *types.Struct:
			for f := range t.Fields() {
				if !plain(f.Type()) {
					return false
				}
			}
			return true
		}
		return false
	}
	t := l.info.TypeOf(e)
	if t == nil || !plain(t) {
		return true
	}
	// A method with a pointer receiver is handed the address.
	set := types.NewMethodSet(types.NewPointer(t))
	return set.Len() > types.NewMethodSet(t).Len()
}

// assigned reports whether v is set, or its address taken, in n.
func (l *loop) assigned(v *types.Var, n ast.Node) bool {
	is := func(e ast.Expr) bool {
		u, field := resolve(l.info, e)
		return u == v && field == nil
	}
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				found = found || is(lhs)
			}
		case *ast.IncDecStmt:
			found = found || is(n.X)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && is(n.X)
		case *ast.RangeStmt:
			found = found || n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value)
		}
		return !found
	})
	return found
}

// onlyCall is like onlyValue, and returns the call if the variable is set to one of its
// results.
func (l *loop) onlyCall(v *types.Var) (value ast.Expr) {
	if value = l.onlyValue(v); value != nil {
		return value
	}
	sets := 0
	ast.Inspect(l.fnBody(), func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for _, lhs := range assign.Lhs {
			if u, field := resolve(l.info, lhs); u == v && field == nil {
				if sets++; assign.Tok == token.DEFINE && len(assign.Rhs) == 1 {
					value = assign.Rhs[0]
				}
			}
		}
		return true
	})
	if sets != 1 || l.assignedOtherwise(v) {
		return nil
	}
	return value
}

// assignedOtherwise reports whether v is counted up or down, ranged with, or has its address taken.
func (l *loop) assignedOtherwise(v *types.Var) bool {
	found := false
	is := func(e ast.Expr) bool {
		u, field := resolve(l.info, e)
		return u == v && field == nil
	}
	ast.Inspect(l.fnBody(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IncDecStmt:
			found = found || is(n.X)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && is(n.X)
		case *ast.RangeStmt:
			found = found || n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value)
		}
		return !found
	})
	return found
}

// onlyValue returns the value of a local variable of the function that is set
// where it is declared and nowhere else, or nil.
func (l *loop) onlyValue(v *types.Var) ast.Expr {
	var value ast.Expr
	sets := 0
	is := func(e ast.Expr) bool {
		u, field := resolve(l.info, e)
		return u == v && field == nil
	}
	ast.Inspect(l.fnBody(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if is(lhs) {
					sets++
					if n.Tok == token.DEFINE && len(n.Lhs) == len(n.Rhs) {
						value = n.Rhs[i]
					}
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if l.info.Defs[name] == v {
					sets++
					if len(n.Values) == len(n.Names) {
						value = n.Values[i]
					}
				}
			}
		case *ast.IncDecStmt:
			if is(n.X) {
				sets++
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND && is(n.X) {
				sets++
			}
		case *ast.RangeStmt:
			if n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value) {
				sets = 2
			}
		}
		return sets < 2
	})
	if sets != 1 {
		return nil
	}
	return value
}

// assignedAny is like assigned, for a field of any variable too.
func (l *loop) assignedAny(v *types.Var, n ast.Node) bool {
	if !v.IsField() {
		return l.assigned(v, n)
	}
	found := false
	is := func(e ast.Expr) bool {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		return ok && l.info.Uses[sel.Sel] == v
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				found = found || is(lhs)
			}
		case *ast.IncDecStmt:
			found = found || is(n.X)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && is(n.X)
		}
		return !found
	})
	return found
}
