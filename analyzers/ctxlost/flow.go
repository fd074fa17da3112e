package ctxlost

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

// A flow follows a context with no deadline, and what is derived of it, to the calls
// that it is handed to.
type flow struct {
	*run
	hand     hand
	followed map[types.Object]bool

	work       *ast.CallExpr // the first call that works under the context
	unsure     bool          // a call may begin something that is to live longer
	overwrites bool          // the context takes the place of the one at hand
	escapes    bool          // it goes where its use cannot be judged, or where it is right
}

// follow finds out what becomes of the context that c is.
func (f *flow) follow(c inspector.Cursor) {
	for c.ParentEdgeKind() == edge.ParenExpr_X {
		c = c.Parent()
	}
	kind, i := c.ParentEdge()
	switch parent := c.Parent().Node().(type) {
	case *ast.CallExpr:
		if kind != edge.CallExpr_Args {
			f.escapes = true
		} else if f.returnsContext(parent) {
			f.derived(c.Parent())
		} else {
			f.sink(c.Parent(), i)
		}
	case *ast.AssignStmt:
		if kind != edge.AssignStmt_Rhs || len(parent.Lhs) != len(parent.Rhs) {
			f.escapes = true
			return
		}
		f.assigned(c.Parent(), parent.Lhs[i])
	case *ast.ValueSpec:
		if len(parent.Names) != len(parent.Values) {
			f.escapes = true
			return
		}
		f.variable(f.TypesInfo.Defs[parent.Names[i]])
	default:
		f.escapes = true
	}
}

// derived follows the results of a call that makes a context of the one followed. If the
// call also takes from the context at hand, somebody means to keep its values alone.
func (f *flow) derived(c inspector.Cursor) {
	call := c.Node().(*ast.CallExpr)
	if f.calls(call, "os/signal", "NotifyContext") {
		f.escapes = true
		return
	}
	for _, arg := range call.Args {
		if f.mentions(arg, f.hand.obj) {
			f.escapes = true
			return
		}
		f.unsure = f.unsure || f.mentionsFrom(arg, f.hand.obj)
	}
	results := f.signature(call).Results()
	if results.Len() == 1 {
		f.follow(c)
		return
	}
	for c.ParentEdgeKind() == edge.ParenExpr_X {
		c = c.Parent()
	}
	var lhs []ast.Expr
	switch parent := c.Parent().Node().(type) {
	case *ast.AssignStmt:
		lhs = parent.Lhs
	case *ast.ValueSpec:
		for _, name := range parent.Names {
			lhs = append(lhs, name)
		}
	}
	if len(lhs) != results.Len() {
		f.escapes = true
		return
	}
	for i := range results.Len() {
		switch t := results.At(i).Type(); {
		case isContext(t):
			f.assigned(c.Parent(), lhs[i])
		case isCancel(t):
			f.escapes = f.escapes || !f.onlyCalled(lhs[i]) || f.livesOn(c, lhs[i])
		}
	}
}

// assigned follows a context into the variable that stmt assigns it to.
func (f *flow) assigned(stmt inspector.Cursor, lhs ast.Expr) {
	id, ok := lhs.(*ast.Ident)
	if !ok {
		f.escapes = true
		return
	}
	if id.Name == "_" {
		return
	}
	if f.TypesInfo.Defs[id] == nil {
		// An assignment under a condition is a choice of the author's.
		for cur := stmt.Parent(); cur != f.hand.fn; cur = cur.Parent() {
			if _, ok := cur.Node().(*ast.BlockStmt); !ok {
				f.escapes = true
				return
			}
		}
	}
	f.variable(f.TypesInfo.ObjectOf(id))
}

// variable follows the uses of a local variable that is given the context.
func (f *flow) variable(obj types.Object) {
	if obj == nil || f.followed[obj] {
		return
	}
	f.followed[obj] = true
	if obj.Parent() == f.Pkg.Scope() || obj.Pos() < f.hand.fn.Node().Pos() || obj.Pos() > f.hand.fn.Node().End() {
		f.escapes = true
		return
	}
	if obj == f.hand.obj {
		f.overwrites = true
	}
	set := 0
	for c := range f.hand.fn.Preorder((*ast.Ident)(nil)) {
		id := c.Node().(*ast.Ident)
		if f.TypesInfo.Defs[id] == obj && c.ParentEdgeKind() != edge.Field_Names {
			set++
			continue
		}
		if f.TypesInfo.Uses[id] != obj {
			continue
		}
		switch kind := c.ParentEdgeKind(); kind {
		case edge.AssignStmt_Lhs:
			if !f.setFromItself(c.Parent().Node().(*ast.AssignStmt), obj) {
				set++
			}
		case edge.SelectorExpr_X:
			if _, ok := c.Parent().Parent().Node().(*ast.CallExpr); !ok {
				f.escapes = true
			}
		default:
			if obj == f.hand.obj && set == 0 {
				continue // still the caller's
			}
			f.follow(c)
		}
		if f.escapes {
			return
		}
	}
	f.escapes = f.escapes || set > 1
}

// setFromItself reports whether an assignment makes obj one more link of itself.
func (f *flow) setFromItself(stmt *ast.AssignStmt, obj types.Object) bool {
	call, ok := stmt.Rhs[0].(*ast.CallExpr)
	return ok && len(stmt.Rhs) == 1 && f.returnsContext(call) && f.mentions(call, obj)
}

// onlyCalled reports whether nothing is done with a cancel function but to call it here.
func (f *flow) onlyCalled(lhs ast.Expr) bool {
	id, ok := lhs.(*ast.Ident)
	if !ok {
		return false
	}
	obj := f.TypesInfo.ObjectOf(id)
	if obj == nil {
		return id.Name == "_"
	}
	for c := range f.hand.fn.Preorder((*ast.Ident)(nil)) {
		if f.TypesInfo.Uses[c.Node().(*ast.Ident)] == obj && c.ParentEdgeKind() != edge.CallExpr_Fun && c.ParentEdgeKind() != edge.AssignStmt_Lhs {
			return false
		}
	}
	return true
}

// livesOn reports whether the function ends a context that it makes at c under conditions only, as when
// something has failed: otherwise it is to last longer than the function.
func (f *flow) livesOn(c inspector.Cursor, cancel ast.Expr) bool {
	obj := f.object(cancel)
	if obj == nil {
		return false
	}
	around := func(c inspector.Cursor) ast.Node {
		for block := range c.Enclosing((*ast.BlockStmt)(nil), (*ast.CaseClause)(nil), (*ast.CommClause)(nil), (*ast.FuncLit)(nil), (*ast.DeferStmt)(nil)) {
			return block.Node()
		}
		return nil
	}
	made, some := around(c), false
	for id := range f.hand.fn.Preorder((*ast.Ident)(nil)) {
		if f.TypesInfo.Uses[id.Node().(*ast.Ident)] != obj || id.ParentEdgeKind() != edge.CallExpr_Fun {
			continue
		}
		for range id.Enclosing((*ast.DeferStmt)(nil)) {
			return false
		}
		if around(id) == made {
			return false
		}
		some = true
	}
	return some
}

// mentions reports whether n uses obj.
func (r *run) mentions(n ast.Node, obj types.Object) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && r.TypesInfo.Uses[id] == obj {
			found = true
		}
		return !found
	})
	return found
}

// mentionsFrom reports whether n uses a variable that was made of obj.
func (f *flow) mentionsFrom(n ast.Node, obj types.Object) (found bool) {
	vars := make(map[types.Object]bool)
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := f.TypesInfo.Uses[id].(*types.Var); ok && !v.IsField() && inside(id, f.hand.fn.Node()) {
				vars[v] = true
			}
		}
		return true
	})
	if len(vars) == 0 {
		return false
	}
	for c := range f.hand.fn.Preorder((*ast.AssignStmt)(nil)) {
		stmt := c.Node().(*ast.AssignStmt)
		for _, lhs := range stmt.Lhs {
			if v := f.object(lhs); v != nil && vars[v] {
				for _, rhs := range stmt.Rhs {
					found = found || f.mentions(rhs, obj)
				}
			}
		}
	}
	return found
}

// sink judges a call that is handed the context as argument i.
func (f *flow) sink(c inspector.Cursor, i int) {
	call := c.Node().(*ast.CallExpr)
	sig := f.signature(call)
	if sig == nil || !isContext(parameter(sig, i)) {
		f.escapes = true
		return
	}
	if !f.inHand(c) {
		f.escapes = true
		return
	}
	name := ""
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		name = fun.Sel.Name
	case *ast.Ident:
		name = fun.Name
	}
	fn := f.callee(call)
	switch {
	case endsWork(name), f.tellsOfError(call):
		f.escapes = true
		return
	case !answers(sig) && (tells(name) || fn != nil && ownerTells(fn)), fn != nil && fn.Pkg() != nil && quietPackage(fn.Pkg().Path()):
		return
	case lint.IsMethod(fn, "net", "ListenConfig", "Listen", "ListenPacket"):
		return // waits for nothing, but to look up an address of its own
	case c.ParentEdgeKind() == edge.ExprStmt_X && !tellsError(sig) && answers(sig):
		f.escapes = true // nobody would learn that it has given up, and what follows needs what it gets
		return
	}
	withRequest := !isContext(f.hand.obj.Type()) && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return f.object(arg) == f.hand.obj })
	switch use := f.useOf(fn, sig, i, withRequest); use {
	case keeps:
		f.escapes = true
		return
	case ignores:
		return
	}
	if !f.consumed(c, sig) {
		f.escapes = true
		return
	}
	if startsWork(name) && name != requestMaker && !f.endedHere(c) {
		f.unsure = true
	}
	if f.work == nil {
		f.work = call
	}
}

// inHand reports whether the context at hand could be used at c, or the one that the function lacks.
func (f *flow) inHand(c inspector.Cursor) bool {
	if f.hand.expr == "" {
		helper, _ := f.helperAround(c)
		return helper == f.hand.fn
	}
	h, joined, ok := f.atHand(c)
	return ok && h.obj == f.hand.obj && (joined || f.all)
}

// tellsOfError reports whether a call is given an error, or what one says: it deals with
// something that has failed, perhaps because the context at hand has ended.
func (r *run) tellsOfError(call *ast.CallExpr) (found bool) {
	for _, arg := range call.Args {
		ast.Inspect(arg, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok && !found {
				tv, known := r.TypesInfo.Types[e]
				found = known && tv.IsValue() && lint.IsError(tv.Type)
			}
			return !found
		})
	}
	return found
}

// A usage is what a function does with a context parameter.
type usage int

const (
	works   usage = iota // waits or works as long as it lasts
	keeps                // something that goes on after the call has it
	ignores              // nothing that takes time
)

// useOf returns what a function does with its parameter i: of the package's own functions
// it reads the body, those of others work if they can fail, and are not given the request, which
// has the other context: they read a value, or write a header.
func (f *flow) useOf(fn *types.Func, sig *types.Signature, i int, withRequest bool) usage {
	c, ok := f.declOf(fn)
	if !ok {
		if !tellsError(sig) || withRequest {
			return ignores
		}
		return works
	}
	param := f.parameterObject(c.Node().(*ast.FuncDecl).Type, i)
	if param == nil || !isContext(param.Type()) {
		return ignores
	}
	return f.useIn(c, param)
}

// parameterObject returns parameter i of a function, or nil if it has no name.
func (r *run) parameterObject(ft *ast.FuncType, i int) types.Object {
	for _, field := range ft.Params.List {
		n := max(len(field.Names), 1)
		if i < n {
			if len(field.Names) == 0 || field.Names[i].Name == "_" {
				return nil
			}
			return r.TypesInfo.Defs[field.Names[i]]
		}
		i -= n
	}
	return nil
}

// useIn returns what the function c does with the context in variable param.
func (r *run) useIn(c inspector.Cursor, param types.Object) usage {
	use := ignores
	for id := range c.Preorder((*ast.Ident)(nil)) {
		if r.TypesInfo.Uses[id.Node().(*ast.Ident)] != param {
			continue
		}
		kind, i := id.ParentEdge()
		switch parent := id.Parent().Node().(type) {
		case *ast.CallExpr:
			sig := r.signature(parent)
			if kind != edge.CallExpr_Args || sig == nil {
				return keeps
			}
			if !r.runsWithin(id, c) {
				return keeps
			}
			if r.makesAnswer(parent) {
				continue
			}
			if r.returnsContext(parent) || isContext(parameter(sig, i)) && tellsError(sig) {
				use = works
			}
		case *ast.SelectorExpr:
			if parent.Sel.Name == "Done" || parent.Sel.Name == "Err" {
				use = works
			}
		case *ast.BinaryExpr, *ast.AssignStmt:
		case *ast.KeyValueExpr, *ast.CompositeLit:
			if !r.awaits(c, param) {
				return keeps
			}
			use = works // somebody else does, and the call waits for it
		default:
			return keeps
		}
	}
	return use
}

// makesAnswer reports whether a call makes something that writes to the client of a request: it
// waits for nothing, and the writing ends when the client has gone.
func (r *run) makesAnswer(call *ast.CallExpr) bool {
	fn := r.callee(call)
	return fn != nil && lint.Leads(fn.Name(), "New") && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
		return lint.IsNamed(r.TypesInfo.TypeOf(arg), "net/http", "ResponseWriter")
	})
}

// awaits reports whether the function c itself waits for the end of the context in param, or for
// something else that comes first.
func (r *run) awaits(c inspector.Cursor, param types.Object) (found bool) {
	ast.Inspect(lint.Body(c.Node()), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt:
			return false
		case *ast.CallExpr:
			found = found || r.ofContext(n, "Done") && r.mentions(n.Fun, param)
		}
		return !found
	})
	return found
}

// runsWithin reports whether what happens at c happens before the call of fn, the function
// around it, returns.
func (r *run) runsWithin(c, fn inspector.Cursor) bool {
	for cur := range c.Parent().Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil), (*ast.GoStmt)(nil)) {
		switch cur.Node().(type) {
		case *ast.GoStmt:
			if !r.waitedFor(cur) {
				return false
			}
		default:
			if cur == fn {
				return true
			}
			if ok, grouped := r.runsInPlace(cur); !ok || grouped && !r.waitedFor(cur) {
				return false
			}
		}
	}
	return false
}
