package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// filledHere reports whether the target, a field of a parameter or receiver, is
// as good as a new one: only this package can name the field, or its struct, nothing in it puts
// something there but the loop, and the object is one that the callers have made. What
// is filled again and again grows by doubling as well as by reservations.
func (s *scan) filledHere(l *loop, t *target) bool {
	if t.field == nil || t.field.Pkg() != s.Pkg || t.field.Exported() && s.exports(t.v.Type()) || !s.madeByCallers(l, t.v, t.field.Exported()) {
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

// exports reports whether other packages can name the type of an object.
func (s *scan) exports(t types.Type) bool {
	named, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	return !ok || named.Obj().Pkg() != s.Pkg || named.Obj().Exported()
}

// madeByCallers reports whether the variable, a parameter or receiver, is in all calls of
// the function a local variable of the caller that is not itself one of those. What decoders
// can fill is to be new as well.
func (s *scan) madeByCallers(l *loop, v *types.Var, decodable bool) bool {
	fn, ok := l.lookupFunc()
	if !ok || fn.Exported() && fn.Pkg().Name() != "main" {
		return false
	}
	param := -1
	for i := range fn.Signature().Params().Len() {
		if fn.Signature().Params().At(i) == v {
			param = i
		}
	}
	uses := s.cold.uses(fn)
	for _, use := range uses {
		if use.ParentEdgeKind() == edge.SelectorExpr_Sel {
			use = use.Parent()
		}
		if use.ParentEdgeKind() != edge.CallExpr_Fun {
			return false
		}
		call := use.Parent().Node().(*ast.CallExpr)
		arg := receiver(call)
		if param >= 0 {
			if param >= len(call.Args) {
				return false
			}
			arg = call.Args[param]
		}
		if addr, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok {
			arg = addr.X
		}
		caller := newLoop(s.TypesInfo, lazyssa.Of(s.Pass), use.Parent())
		object, field := resolve(s.TypesInfo, arg)
		if caller == nil || object == nil || field != nil || object.Parent() == s.Pkg.Scope() || caller.parameter(object) {
			return false
		}
		if decodable && !s.stillNew(object, use.Parent()) {
			return false
		}
	}
	return len(uses) > 0
}

// stillNew reports whether nothing is done with a local variable before a call, nor in a loop around that
// which it outlives.
func (s *scan) stillNew(object *types.Var, call inspector.Cursor) bool {
	if !s.declaredNew(object) {
		return false
	}
	for around := range call.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if n := around.Node(); object.Pos() < n.Pos() || n.End() <= object.Pos() {
			return false
		}
		for id := range around.Preorder((*ast.Ident)(nil)) {
			if s.TypesInfo.Uses[id.Node().(*ast.Ident)] == object && id.Node().End() < call.Node().Pos() {
				return false
			}
		}
		return true
	}
	return false
}

// declaredNew reports whether a local variable is declared with no value, or with a struct literal or
// the address of one.
func (s *scan) declaredNew(object *types.Var) bool {
	decl, ok := s.cold.root.FindByPos(object.Pos(), object.Pos()+token.Pos(len(object.Name())))
	if !ok {
		return false
	}
	var value ast.Expr
	switch n := decl.Parent().Node().(type) {
	case *ast.ValueSpec:
		if len(n.Values) == 0 {
			return true
		}
		value = n.Values[min(decl.ParentEdgeIndex(), len(n.Values)-1)]
	case *ast.AssignStmt:
		value = n.Rhs[min(decl.ParentEdgeIndex(), len(n.Rhs)-1)]
	default:
		return false
	}
	if addr, ok := ast.Unparen(value).(*ast.UnaryExpr); ok && addr.Op == token.AND {
		value = addr.X
	}
	_, ok = ast.Unparen(value).(*ast.CompositeLit)
	return ok
}
