package hotescape

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// smallStruct is the size up to which a struct is as cheap to return as a pointer.
const smallStruct = 64

// returnedPointer looks for a function that makes a small struct and returns a
// pointer to it, to callers that only look at its fields, in a loop.
func (r *pass) returnedPointer(c inspector.Cursor) {
	decl := c.Node().(*ast.FuncDecl)
	fn, ok := r.TypesInfo.Defs[decl.Name].(*types.Func)
	if !ok || fn.Exported() || decl.Body == nil || !returnsOne(fn.Signature().Results()) {
		return
	}
	ptr, ok := fn.Signature().Results().At(0).Type().Underlying().(*types.Pointer)
	if !ok {
		return
	}
	if _, ok := ptr.Elem().Underlying().(*types.Struct); !ok || holdsLock(ptr.Elem()) {
		return
	}
	size := r.sizeOf(ptr.Elem())
	if size <= 0 || size > smallStruct {
		return
	}
	made := r.freshReturns(c)
	if len(made) == 0 {
		return
	}
	var place hot.Place
	var notes []analysis.RelatedInformation
	for _, use := range r.usesOf(fn) {
		call, ok := directCall(use)
		if !ok || !r.looksAtFields(call) || r.escape.Inlined(call.Node().(*ast.CallExpr)) {
			return
		}
		if p := r.hot.At(call.Node()); p.InLoop() && !place.Worth() {
			place = p
			notes = append(notes, related(call.Node(), "the call that only reads its fields"))
		}
	}
	if !place.Worth() {
		return
	}
	for _, e := range made {
		if r.verdict(e) != escape.Heap {
			return
		}
	}
	f := finding{category: returnedPointer, node: made[0], alloc: made[0], place: place, related: notes}
	r.report(f, "%s allocates its result (%s) on every call, and all callers only read its fields; return a value", fn.Name(), bytes(size))
}

// holdsLock reports whether a value has something within that must not be copied, as go vet sees it: what its
// pointer alone can lock, such as a mutex or an atomic number.
func holdsLock(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Array:
		return holdsLock(u.Elem())
	case *types.Struct:
		locks := func(t types.Type) bool {
			methods := types.NewMethodSet(t)
			return methods.Lookup(nil, "Lock") != nil && methods.Lookup(nil, "Unlock") != nil
		}
		if locks(types.NewPointer(t)) && !locks(t) {
			return true
		}
		for f := range u.Fields() {
			if holdsLock(f.Type()) {
				return true
			}
		}
	}
	return false
}

// verdict returns where a literal is, or the variable that an identifier declares.
func (r *pass) verdict(e ast.Expr) escape.Verdict {
	if id, ok := e.(*ast.Ident); ok {
		return r.escape.Var(id)
	}
	return r.escape.Expr(e)
}

// returnsOne reports whether a function returns one value, and perhaps an error or whether there is one.
func returnsOne(results *types.Tuple) bool {
	return results.Len() == 1 || results.Len() == 2 && (lint.IsError(results.At(1).Type()) || isBool(results.At(1).Type()))
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// returnsNone reports whether a function returns nil, and beside it an error or false.
func (r *pass) returnsNone(results []ast.Expr) bool {
	if len(results) != 2 || !r.TypesInfo.Types[results[0]].IsNil() {
		return false
	}
	second := r.TypesInfo.Types[results[1]]
	if isBool(second.Type) {
		return second.Value != nil && !constant.BoolVal(second.Value)
	}
	return !second.IsNil()
}

// freshReturns returns the literals, and what declares the variables, whose addresses the function at c
// returns, right away or after it has set some fields, if it returns nothing else but nil beside an error or false.
func (r *pass) freshReturns(c inspector.Cursor) []ast.Expr {
	var made []ast.Expr
	for ret := range c.Preorder((*ast.ReturnStmt)(nil)) {
		if inLiteral(ret, c.Node()) {
			continue
		}
		results := ret.Node().(*ast.ReturnStmt).Results
		if len(results) == 0 {
			return nil
		}
		if r.returnsNone(results) {
			continue
		}
		e := r.filledHere(c, ast.Unparen(results[0]))
		if e == nil {
			return nil
		}
		if !slices.Contains(made, e) {
			made = append(made, e)
		}
	}
	return made
}

// filledHere returns the address of a literal that an expression is, or that the local
// variable which it is has been declared with, or the declaration of the variable whose address it is, if
// the function at c uses nothing but fields of that.
func (r *pass) filledHere(c inspector.Cursor, e ast.Expr) ast.Expr {
	if id, ok := e.(*ast.Ident); ok {
		v, ok := r.TypesInfo.Uses[id].(*types.Var)
		if !ok || !r.usesFields(c, v, edge.ReturnStmt_Results) {
			return nil
		}
		if e = r.declaredWith(v); e == nil {
			return nil
		}
	}
	addr, ok := e.(*ast.UnaryExpr)
	if !ok || addr.Op != token.AND {
		return nil
	}
	switch x := ast.Unparen(addr.X).(type) {
	case *ast.CompositeLit:
		return addr
	case *ast.Ident:
		v, ok := r.TypesInfo.Uses[x].(*types.Var)
		if !ok || v.Kind() != types.LocalVar || v.Parent() == r.Pkg.Scope() || !r.usesFields(c, v, edge.UnaryExpr_X) {
			return nil
		}
		if id, ok := r.declares(v); ok {
			return id
		}
	}
	return nil
}

// usesFields reports whether the function at c does nothing with a variable but to use its fields, and to
// return it, or its address if it stands in such an expression.
func (r *pass) usesFields(c inspector.Cursor, v *types.Var, returned edge.Kind) bool {
	for _, use := range r.usesOf(v) {
		if inLiteral(use, c.Node()) {
			return false
		}
		switch kind := use.ParentEdgeKind(); {
		case kind == returned && (kind == edge.ReturnStmt_Results || use.Parent().ParentEdgeKind() == edge.ReturnStmt_Results):
		case kind != edge.SelectorExpr_X || !r.readsField(use) && !r.callsBorrower(use):
			return false
		}
	}
	return true
}

// declaredWith returns the value that a variable is declared with by :=, or nil.
func (r *pass) declaredWith(v *types.Var) ast.Expr {
	cur, ok := r.root.FindByPos(v.Pos(), v.Pos())
	if !ok || cur.ParentEdgeKind() != edge.AssignStmt_Lhs {
		return nil
	}
	s := cur.Parent().Node().(*ast.AssignStmt)
	if s.Tok != token.DEFINE || len(s.Lhs) != 1 || len(s.Rhs) != 1 {
		return nil
	}
	return ast.Unparen(s.Rhs[0])
}

// directCall returns the call of the function that the identifier at c names.
func directCall(c inspector.Cursor) (inspector.Cursor, bool) {
	if c.ParentEdgeKind() == edge.SelectorExpr_Sel {
		c = c.Parent()
	}
	if c.ParentEdgeKind() != edge.CallExpr_Fun {
		return c, false
	}
	call := c.Parent()
	switch call.ParentEdgeKind() {
	case edge.GoStmt_Call, edge.DeferStmt_Call:
		return call, false
	}
	return call, true
}

// looksAtFields reports whether the result of the call is used only for its fields,
// so that a struct would do as well as a pointer to one.
func (r *pass) looksAtFields(call inspector.Cursor) bool {
	switch call.ParentEdgeKind() {
	case edge.SelectorExpr_X:
		return r.readsField(call)
	case edge.AssignStmt_Rhs:
		s := call.Parent().Node().(*ast.AssignStmt)
		if s.Tok != token.DEFINE {
			return false
		}
		v := r.local(s.Lhs[0].(*ast.Ident))
		if v == nil {
			return false
		}
		for _, use := range r.usesOf(v) {
			switch use.ParentEdgeKind() {
			case edge.SelectorExpr_X:
				if !r.readsField(use) && !r.callsBorrower(use) {
					return false
				}
			case edge.StarExpr_X:
				if _, taken, _ := r.addressOf(use.Parent()); taken {
					return false
				}
			default:
				return false
			}
		}
		return true
	}
	return false
}

// callsBorrower reports whether the selection from c calls a method of the package that keeps nothing of its receiver,
// a pointer: a variable does as well.
func (r *pass) callsBorrower(c inspector.Cursor) bool {
	call := c.Parent().Parent()
	if c.Parent().ParentEdgeKind() != edge.CallExpr_Fun || call.ParentEdgeKind() == edge.GoStmt_Call || call.ParentEdgeKind() == edge.DeferStmt_Call {
		return false
	}
	fn := typeutil.StaticCallee(r.TypesInfo, call.Node().(*ast.CallExpr))
	if fn == nil || fn.Pkg() != r.Pkg || fn.Signature().Recv() == nil {
		return false
	}
	id, ok := r.declares(fn.Signature().Recv())
	return ok && r.escape.Borrows(id)
}

// readsField reports whether the selection from c reads or sets a field, or calls a
// method that takes a value.
func (r *pass) readsField(c inspector.Cursor) bool {
	sel := r.TypesInfo.Selections[c.Parent().Node().(*ast.SelectorExpr)]
	if sel == nil {
		return false
	}
	if sel.Kind() == types.MethodVal {
		fn := sel.Obj().(*types.Func)
		return !isPointer(fn.Signature().Recv().Type()) && c.Parent().ParentEdgeKind() == edge.CallExpr_Fun &&
			typeutil.StaticCallee(r.TypesInfo, c.Parent().Parent().Node().(*ast.CallExpr)) != nil
	}
	_, taken, _ := r.addressOf(c.Parent())
	return !taken
}
