package ctxgrows

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// checkOwnParent reports a context type of the program whose parent becomes a
// context made from the thing itself: each asks the other, without end.
func (r *run) checkOwnParent(store *ssa.Store) bool {
	addr, ok := store.Addr.(*ssa.FieldAddr)
	if !ok || !isOwn(addr.X.Type()) {
		return false
	}
	if i, _ := slot(addr.X.Type()); i != addr.Field || !r.delegates(addr.X.Type(), i) {
		return false
	}
	self := r.pointee(addr.X)
	seen := make(map[ssa.Value]bool)
	var reaches func(v ssa.Value) bool
	reaches = func(v ssa.Value) bool {
		if seen[v] {
			return false
		}
		seen[v] = true
		if mi, ok := v.(*ssa.MakeInterface); ok {
			_, isPointer := mi.X.Type().Underlying().(*types.Pointer)
			return isPointer && types.Identical(mi.X.Type(), addr.X.Type()) && r.pointee(mi.X) == self
		}
		if phi, ok := v.(*ssa.Phi); ok && r.renews(phi, self.root) {
			return false // another one, of the iteration before
		}
		edges, _ := r.preds(v, nil)
		for _, e := range edges {
			if e.to != nil && reaches(e.to) {
				return true
			}
		}
		return false
	}
	if !reaches(store.Val) {
		return false
	}
	cur, ok := r.statement(store.Pos())
	if !ok || !r.all && r.inTest(store.Pos()) {
		return true
	}
	field := lazyssa.Var(addr.X.Type(), addr.Field).Name()
	name, whole := field, "the context"
	if assign, ok := cur.Node().(*ast.AssignStmt); ok {
		for _, lhs := range assign.Lhs {
			if sel, ok := lhs.(*ast.SelectorExpr); ok && sel.Sel.Name == field {
				name, whole = lint.Text(sel), lint.Text(sel.X)
			}
		}
	}
	r.Report(analysis.Diagnostic{
		Pos: cur.Node().Pos(), End: cur.Node().End(), Category: ownParent,
		Message: fmt.Sprintf("%s is made from %s, which asks %s in turn: a lookup of a missing key overflows the stack; derive it from %s",
			name, whole, name, name),
	})
	return true
}

// renews reports whether the loop that begins with phi makes root anew in each iteration.
func (r *run) renews(phi *ssa.Phi, root ssa.Value) bool {
	for _, l := range r.inside(phi.Block()) {
		if l.header == phi.Block() && l.has(root) {
			return true
		}
	}
	return false
}

// delegates reports whether Value of the type asks the context in field i.
func (r *run) delegates(t types.Type, i int) bool {
	obj, index, _ := types.LookupFieldOrMethod(t, false, r.Pkg, "Value")
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	if len(index) > 1 {
		return index[0] == i
	}
	for _, f := range r.funcs {
		if f.Object() != fn.Origin() {
			continue
		}
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || !call.Call.IsInvoke() || !lint.IsMethod(call.Call.Method, "context", "Context", "Value") {
					continue
				}
				if fa := lazyssa.FieldLoaded(call.Call.Value); fa != nil && fa.Field == i {
					return true
				}
			}
		}
	}
	return false
}
