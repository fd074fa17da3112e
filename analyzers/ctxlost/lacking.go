package ctxlost

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

// checkLacking judges the root c in a function of the package that is given no context, though all
// who call it have one. context.TODO says that the author meant to give it one; Background may
// be a choice.
func (r *run) checkLacking(c inspector.Cursor) {
	call := c.Node().(*ast.CallExpr)
	if fn := r.callee(call); fn == nil || fn.Name() != "TODO" && !r.all {
		return
	}
	helper, fn := r.helperAround(c)
	if fn == nil || r.isMethodOfInterface(fn) {
		return
	}
	calls := r.callsOf(fn)
	if len(calls) == 0 || slices.ContainsFunc(calls, func(at inspector.Cursor) bool { return !r.couldPass(at) }) {
		return
	}
	// A context that the helper could be given.
	h := hand{obj: types.NewParam(fn.Pos(), r.Pkg, "ctx", r.TypesInfo.TypeOf(call)), fn: helper}
	f := &flow{run: r, hand: h, followed: make(map[types.Object]bool)}
	f.follow(c)
	if f.escapes || f.work == nil || f.unsure && !r.all || r.excused(c, h) {
		return
	}
	d := analysis.Diagnostic{
		Pos: call.Pos(), End: call.End(), Category: detached,
		Message: fmt.Sprintf("%s stands in for the context that those who call %s have: %s goes on after they have given up; give %[2]s a context",
			lint.Text(call), fn.Name(), lint.Text(f.work.Fun)),
	}
	for _, at := range calls[:min(len(calls), 3)] {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: at.Node().Pos(), End: at.Node().End(), Message: "called here, with a context at hand"})
	}
	r.Report(d)
}

// helperAround returns the function that runs the call at c itself, if only this package can call it, and if it has no
// context that it could use; else nil.
func (r *run) helperAround(c inspector.Cursor) (inspector.Cursor, *types.Func) {
	for cur := range c.Parent().Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil), (*ast.DeferStmt)(nil), (*ast.GoStmt)(nil)) {
		decl, ok := cur.Node().(*ast.FuncDecl)
		if !ok || decl.Name.IsExported() {
			break
		}
		fn, ok := r.TypesInfo.Defs[decl.Name].(*types.Func)
		if !ok || r.givenContext(decl, fn) {
			break
		}
		return cur, fn
	}
	return inspector.Cursor{}, nil
}

// isMethodOfInterface reports whether fn may be called by an interface of the package.
func (r *run) isMethodOfInterface(fn *types.Func) bool {
	if fn.Signature().Recv() == nil {
		return false
	}
	scope := r.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		if iface, ok := tn.Type().Underlying().(*types.Interface); ok && lint.Declares(iface, fn.Name()) {
			return true
		}
	}
	return false
}

// callsOf returns all calls of a function of the package outside of tests; none if it is also used in another way.
func (r *run) callsOf(fn *types.Func) (calls []inspector.Cursor) {
	if r.uses == nil {
		r.uses = make(map[*types.Func][]inspector.Cursor)
		for c := range r.root.Preorder((*ast.Ident)(nil)) {
			id := c.Node().(*ast.Ident)
			if used, ok := r.TypesInfo.Uses[id].(*types.Func); ok && used.Pkg() == r.Pkg && !r.inTest(id) {
				r.uses[used.Origin()] = append(r.uses[used.Origin()], c)
			}
		}
	}
	for _, c := range r.uses[fn] {
		if c.ParentEdgeKind() == edge.SelectorExpr_Sel {
			c = c.Parent()
		}
		if c.ParentEdgeKind() != edge.CallExpr_Fun {
			return nil
		}
		calls = append(calls, c.Parent())
	}
	return calls
}

// couldPass reports whether the caller at c has a context that it would pass, and does not keep what
// it gets for others.
func (r *run) couldPass(c inspector.Cursor) bool {
	h, joined, ok := r.atHand(c)
	if !ok || !joined || r.excusedWithin(c, h) || r.excused(c, h) && !r.goesOn(c, h) {
		return false
	}
	f := &flow{run: r, hand: h, followed: make(map[types.Object]bool)}
	return f.consumed(c, r.signature(c.Node().(*ast.CallExpr)))
}

// goesOn reports whether work is done under the context at hand after c: it is alive there, whatever the
// function ends by its name.
func (r *run) goesOn(c inspector.Cursor, h hand) bool {
	for cur := range h.fn.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		if call.Pos() < c.Node().End() || !r.canFail(call) || !slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return r.object(arg) == h.obj }) {
			continue
		}
		if at, joined, ok := r.atHand(cur); ok && joined && at.obj == h.obj {
			return true
		}
	}
	return false
}

func (r *run) canFail(call *ast.CallExpr) bool {
	sig := r.signature(call)
	return sig != nil && tellsError(sig)
}
