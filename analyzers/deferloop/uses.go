package deferloop

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// A resource is a variable of the loop that the deferred call ends the life of.
type resource struct {
	*types.Var
	pos  ast.Node   // the call that it gets its value from
	with []ast.Expr // what else the call is assigned to
}

// acquired returns the variable of the deferred call that each iteration gets from a
// call. There is none where the loop only visits what exists before and after it, as
// one that locks all shards does.
func (r *pass) acquired(l *loop, d *ast.DeferStmt) *resource {
	mentioned := make(map[*types.Var]bool)
	ast.Inspect(d.Call, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := r.TypesInfo.Uses[id].(*types.Var); ok && !v.IsField() && l.within(v) && v.Pos() < d.Pos() {
				mentioned[v] = true
			}
		}
		return true
	})
	var found *resource
	ast.Inspect(l.body, func(n ast.Node) bool {
		if found != nil || n == d {
			return false
		}
		lhs, rhs := lint.Assigned(n)
		for i, x := range lhs {
			id, ok := ast.Unparen(x).(*ast.Ident)
			if !ok {
				continue
			}
			v, ok := r.TypesInfo.ObjectOf(id).(*types.Var)
			if !ok || !mentioned[v] {
				continue
			}
			if call, ok := ast.Unparen(rhs[min(i, len(rhs)-1)]).(*ast.CallExpr); ok && r.opens(call, v) {
				found = &resource{v, call, nil}
				if len(rhs) == 1 {
					found.with = lhs
				}
			}
		}
		return true
	})
	return found
}

// opens reports whether the call makes v, which something has to end.
func (r *pass) opens(call *ast.CallExpr, v *types.Var) bool {
	if r.TypesInfo.Types[call.Fun].IsType() {
		return false
	}
	if _, ok := typeutil.Callee(r.TypesInfo, call).(*types.Builtin); ok {
		return false
	}
	switch v.Type().Underlying().(type) {
	case *types.Signature, *types.Pointer, *types.Interface, *types.Struct:
		return !lint.IsError(v.Type())
	}
	return false
}

// ends reports whether the deferred call ends the life of what: it closes it or stops
// a timer, and nothing else in the loop does. What is released by other
// names may be one of many references, which are held together on purpose.
func (r *pass) ends(l *loop, d *ast.DeferStmt, what *resource) bool {
	return r.closers(d, what) > 0 && r.closers(l.body, what) == r.closers(d, what)
}

// closers counts the calls in n that end the life of a resource, or of a part of it such
// as the body of a response.
func (r *pass) closers(n ast.Node, what *resource) (count int) {
	ast.Inspect(n, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if len(call.Args) > 0 {
			if r.closedBy(call, what) {
				count++
			}
			return true
		}
		fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return true
		}
		root := lint.RootIdent(fun.X)
		if root == nil || r.TypesInfo.Uses[root] != what.Var {
			return true
		}
		fn, _ := r.TypesInfo.Uses[fun.Sel].(*types.Func)
		if fn != nil && fn.Name() == "Close" || lint.IsMethod(fn, "time", "Timer", "Stop") || lint.IsMethod(fn, "time", "Ticker", "Stop") {
			count++
		}
		return true
	})
	return count
}

// closedBy reports whether a call is of a function of the package that closes the resource, which it is given.
func (r *pass) closedBy(call *ast.CallExpr, what *resource) bool {
	fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func)
	if !ok || fn.Signature().Variadic() {
		return false
	}
	i := slices.IndexFunc(call.Args, func(arg ast.Expr) bool {
		arg = ast.Unparen(arg)
		if as, ok := arg.(*ast.TypeAssertExpr); ok {
			arg = ast.Unparen(as.X)
		}
		id, ok := arg.(*ast.Ident)
		return ok && r.TypesInfo.Uses[id] == what.Var
	})
	if i < 0 {
		return false
	}
	fn = fn.Origin()
	decl := r.decls()[fn]
	if decl == nil || decl.Body == nil || r.within[fn] {
		return false
	}
	r.within[fn] = true // functions that call each other
	defer delete(r.within, fn)
	params, given := fn.Signature().Params(), fn.Signature().Recv() // which a method expression is given first
	if i -= len(call.Args) - params.Len(); i >= 0 {
		given = params.At(i)
	}
	return slices.ContainsFunc(decl.Body.List, func(stmt ast.Stmt) bool { // whatever else it finds
		switch stmt.(type) {
		case *ast.ExprStmt, *ast.DeferStmt, *ast.AssignStmt, *ast.ReturnStmt:
			return r.closers(stmt, &resource{Var: given}) > 0
		}
		return false
	})
}

// undoes reports whether the deferred literal decides first whether to do anything, as
// one that takes back what the function has done if it fails.
func undoes(d *ast.DeferStmt) bool {
	lit, ok := ast.Unparen(d.Call.Fun).(*ast.FuncLit)
	if !ok || len(lit.Body.List) == 0 {
		return false
	}
	first, ok := lit.Body.List[0].(*ast.IfStmt)
	return ok && first.Init == nil
}

// A use says where a resource goes.
type use int

const (
	local      use = iota // nowhere: the iteration alone uses it
	handedOver            // to a goroutine
	kept                  // to where the next iterations, or what follows the loop, may find it
)

// uses tells what the loop does with a resource and what is made from it.
func (r *pass) uses(l *loop, what *resource, d *ast.DeferStmt) (u use) {
	carriers := map[types.Object]bool{what.Var: true}
	for _, x := range what.with { // such as the context that belongs to cancel
		id, _ := ast.Unparen(x).(*ast.Ident)
		switch t := r.TypesInfo.TypeOf(x); {
		case id != nil && id.Name == "_" || t == nil || lint.IsError(t) || isBasic(t):
		case id == nil || !l.within(r.TypesInfo.ObjectOf(id)):
			return kept
		default:
			carriers[r.TypesInfo.ObjectOf(id)] = true
		}
	}
	for changed := true; changed; { // until all that is made from it is known
		changed = false
		u = local
		ast.Inspect(l.body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.DeferStmt:
				return n != d
			case *ast.AssignStmt, *ast.ValueSpec:
				lhs, rhs := lint.Assigned(n)
				if slices.ContainsFunc(rhs, func(x ast.Expr) bool { return r.address(x, carriers) }) {
					u = kept
				}
				for i, x := range lhs {
					src := rhs[min(i, len(rhs)-1)]
					if !r.mentions(src, carriers) || !r.carries(r.TypesInfo.TypeOf(x), what.Type()) && !r.partOf(src, carriers) && !r.views(src, carriers) {
						continue
					}
					id, ok := ast.Unparen(x).(*ast.Ident)
					if ok && id.Name == "_" {
						continue
					}
					obj := r.TypesInfo.ObjectOf(id)
					switch {
					case !ok || obj == nil || !l.within(obj):
						u = kept
					case !carriers[obj]:
						carriers[obj] = true
						changed = true
					}
				}
			case *ast.SendStmt:
				if r.mentions(n.Value, carriers) && r.carries(r.TypesInfo.TypeOf(n.Value), what.Type()) {
					u = kept
				}
			case *ast.GoStmt:
				if u == local && r.mentions(n.Call, carriers) {
					u = handedOver
				}
			case *ast.FuncLit:
				if r.mentions(n, carriers) && !r.runsHere(l, n) {
					u = kept
				}
			case *ast.CallExpr:
				// A method of something older may keep what it is given.
				if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && r.keeps(l, sel, n.Args, carriers, what) {
					u = kept
				}
			}
			return u != kept
		})
		if u == kept {
			return kept
		}
	}
	return u
}

// partOf reports whether the expression selects or indexes a carrier, and has a value
// that others may wait on or change.
func (r *pass) partOf(x ast.Expr, carriers map[types.Object]bool) bool {
	if _, ok := ast.Unparen(x).(*ast.Ident); ok {
		return false
	}
	root := lint.RootIdent(x)
	t := r.TypesInfo.TypeOf(x)
	return root != nil && carriers[r.TypesInfo.Uses[root]] && t != nil && !isBasic(t)
}

// address reports whether an expression asks for the address of a carrier, as li.Addr() does: it is
// the carrier's alone only while that is open.
func (r *pass) address(x ast.Expr, carriers map[types.Object]bool) (found bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 0 {
			sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
			found = found || ok && (sel.Sel.Name == "Addr" || sel.Sel.Name == "LocalAddr") &&
				lint.IsNamed(r.TypesInfo.TypeOf(call), "net", "Addr") && r.mentions(sel.X, carriers)
		}
		return !found
	})
	return found
}

// views reports whether the value of an expression may be, or have in it, memory that
// belongs to a carrier, as buf.Bytes() does: it is no longer what it was when the
// resource is gone. An append that copies the elements has none.
func (r *pass) views(x ast.Expr, carriers map[types.Object]bool) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		var t types.Type
		switch n := n.(type) {
		case *ast.Ident:
			if obj := r.TypesInfo.Uses[n]; carriers[obj] && isView(obj.Type()) {
				t = obj.Type()
			}
		case *ast.CallExpr:
			if b, ok := typeutil.Callee(r.TypesInfo, n).(*types.Builtin); ok && b.Name() == "append" && n.Ellipsis.IsValid() {
				list, ok := r.TypesInfo.TypeOf(n).Underlying().(*types.Slice)
				if ok && !isView(list.Elem()) {
					found = found || r.views(n.Args[0], carriers)
					return false
				}
			}
			sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
			if ok && len(n.Args) == 0 && r.TypesInfo.Selections[sel] != nil {
				root := lint.RootIdent(sel.X)
				if of := r.TypesInfo.TypeOf(n); root != nil && carriers[r.TypesInfo.Uses[root]] && isView(of) {
					t = of
				}
			}
		}
		found = found || t != nil && r.carries(r.TypesInfo.TypeOf(x), t)
		return !found
	})
	return found
}

// isView reports whether a value of the type is a slice, or a struct that has one.
func isView(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return true
	case *types.Struct:
		for f := range u.Fields() {
			if _, ok := f.Type().Underlying().(*types.Slice); ok {
				return true
			}
		}
	}
	return false
}

func isBasic(t types.Type) bool {
	_, ok := t.Underlying().(*types.Basic)
	return ok
}

// mentions reports whether n names one of the objects.
func (r *pass) mentions(n ast.Node, objs map[types.Object]bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && objs[r.TypesInfo.Uses[id]] {
			found = true
		}
		return !found
	})
	return found
}

// runsHere reports whether a literal is called, deferred or started where it stands: those
// run with the iteration, or are judged as what they are.
func (r *pass) runsHere(l *loop, lit *ast.FuncLit) bool {
	here := false
	ast.Inspect(l.body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if ast.Unparen(call.Fun) == lit {
				here = true
			}
		}
		return !here
	})
	return here
}

// keeps reports whether a method call gives a carrier itself, not what is computed from
// it, to an object of before the loop that returns nothing of it: list.add(f).
func (r *pass) keeps(l *loop, sel *ast.SelectorExpr, args []ast.Expr, carriers map[types.Object]bool, what *resource) bool {
	sig, ok := r.TypesInfo.TypeOf(sel).(*types.Signature)
	if !ok || sig.Results().Len() > 0 || r.TypesInfo.Selections[sel] == nil {
		return false
	}
	root := lint.RootIdent(sel.X)
	if root == nil {
		return false
	}
	if obj := r.TypesInfo.Uses[root]; obj == nil || l.within(obj) {
		return false
	}
	for _, arg := range args {
		if id, ok := ast.Unparen(arg).(*ast.Ident); ok && carriers[r.TypesInfo.Uses[id]] && r.carries(r.TypesInfo.TypeOf(arg), what.Type()) {
			return true
		}
	}
	return false
}

// carries reports whether a value of type t can lead to one of type of: it is one, or
// has an element or a field that is, or that is an interface with methods that
// it has.
func (r *pass) carries(t, of types.Type) bool {
	return carries(t, of, make(map[types.Type]bool))
}

func carries(t, of types.Type, seen map[types.Type]bool) bool {
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	if types.Identical(t, of) || types.Identical(lint.Deref(t), lint.Deref(of)) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return !lint.IsError(t) && u.NumMethods() > 0 && (types.Implements(of, u) || types.IsInterface(of))
	case *types.Pointer:
		return carries(u.Elem(), of, seen)
	case *types.Slice:
		return carries(u.Elem(), of, seen)
	case *types.Array:
		return carries(u.Elem(), of, seen)
	case *types.Map:
		return carries(u.Elem(), of, seen) || carries(u.Key(), of, seen)
	case *types.Chan:
		return carries(u.Elem(), of, seen)
	case *types.Struct:
		for f := range u.Fields() {
			if carries(f.Type(), of, seen) {
				return true
			}
		}
	case *types.Signature:
		return true
	}
	return false
}

// recovers reports whether the deferred call is of a literal that recovers from a panic,
// for the function as a whole.
func recovers(d *ast.DeferStmt) bool {
	found := false
	ast.Inspect(d.Call.Fun, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == "recover"
		return !found
	})
	return found
}

// separable reports whether the statements of a loop mean the same in a function
// literal: nothing leaves them, and no deferred function wants to recover.
func separable(body *ast.BlockStmt) bool {
	ok := true
	var visit func(n ast.Node, loops, switches int)
	visit = func(n ast.Node, loops, switches int) {
		ast.Inspect(n, func(m ast.Node) bool {
			if m == n || m == nil {
				return ok
			}
			switch m := m.(type) {
			case *ast.DeferStmt:
				ok = ok && !recovers(m)
				return false
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt, *ast.LabeledStmt:
				ok = false
			case *ast.BranchStmt:
				switch {
				case m.Label != nil || m.Tok == token.GOTO:
					ok = false
				case m.Tok == token.BREAK:
					ok = ok && loops+switches > 0
				case m.Tok == token.CONTINUE:
					ok = ok && loops > 0
				}
			case *ast.ForStmt, *ast.RangeStmt:
				visit(m, loops+1, switches)
				return false
			case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				visit(m, loops, switches+1)
				return false
			}
			return ok
		})
	}
	visit(body, 0, 0)
	return ok
}
