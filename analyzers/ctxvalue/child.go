package ctxvalue

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// isDerive reports whether fn is a function of the standard library that makes a
// context, or a request with one, of the one that it is given.
func isDerive(fn *types.Func) bool {
	return isPureDerive(fn) || lint.IsCancelable(fn)
}

// isPureDerive reports whether fn does so and nothing else.
func isPureDerive(fn *types.Func) bool {
	return lint.IsFunc(fn, "context", "WithValue", "WithoutCancel") || lint.IsMethod(fn, "net/http", "Request", "WithContext")
}

// isGroup reports whether fn returns a group whose first failure cancels the context, its second result.
func isGroup(fn *types.Func) bool {
	return lint.IsFunc(fn, "golang.org/x/sync/errgroup", "WithContext")
}

// childIndex returns which result of fn is the derived context.
func childIndex(fn *types.Func) int {
	if isGroup(fn) {
		return 1
	}
	return 0
}

// ignoresChild reports whether the call at c stands in an assignment that drops the
// context, or keeps it in a variable that is never read.
func (r *run) ignoresChild(c inspector.Cursor) bool {
	stmt, ok := c.Parent().Node().(*ast.AssignStmt)
	if !ok {
		return false
	}
	fn, _ := typeutil.Callee(r.TypesInfo, c.Node().(*ast.CallExpr)).(*types.Func)
	i := childIndex(fn)
	if i >= len(stmt.Lhs) {
		return false
	}
	id, ok := stmt.Lhs[i].(*ast.Ident)
	if !ok || id.Name == "_" {
		return ok
	}
	v, ok := r.TypesInfo.ObjectOf(id).(*types.Var)
	if !ok || v.IsField() || v.Parent() == r.Pkg.Scope() {
		return false
	}
	for fn := range c.Enclosing((*ast.FuncDecl)(nil)) {
		for use := range fn.Preorder((*ast.Ident)(nil)) {
			if r.TypesInfo.Uses[use.Node().(*ast.Ident)] != v || use.ParentEdgeKind() == edge.AssignStmt_Lhs {
				continue
			}
			if to, ok := use.Parent().Node().(*ast.AssignStmt); ok && use.ParentEdgeKind() == edge.AssignStmt_Rhs {
				if blank, ok := to.Lhs[0].(*ast.Ident); ok && blank.Name == "_" {
					continue
				}
			}
			return false
		}
	}
	return true
}

// checkDead reports contexts and requests that are derived and never used.
func (r *run) checkDead() {
	for _, fn := range r.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok && !call.Call.IsInvoke() {
					r.checkChild(call)
				}
			}
		}
	}
}

func (r *run) checkChild(call *ssa.Call) {
	callee := call.Call.StaticCallee()
	if callee == nil {
		return
	}
	fn, ok := callee.Object().(*types.Func)
	if !ok {
		return
	}
	pure := r.derives(callee)
	if !pure && !r.cancels(callee) && !isGroup(fn) {
		return
	}
	if childUsed(call, !pure, childIndex(fn)) {
		if pure && isContext(call.Type()) {
			r.checkUnserved(call)
		}
		return
	}
	parentArg := contextArg(call)
	if parentArg < 0 {
		return
	}
	expr := r.callExpr(call)
	if expr == nil {
		return
	}
	at, ok := lint.Find(r.root, expr)
	if !ok {
		return
	}
	on := passedOn(call.Call.Args[parentArg], call, isGroup(fn))
	if parent := ancestor(call); on == nil && parent != nil {
		on = passedOn(parent, call, isGroup(fn)) // what is between them is dropped with it
	}
	var kept *ssa.FieldAddr
	if !pure && on == nil && !isGroup(fn) {
		kept = keptBeside(call.Call.Args[parentArg], call)
	}
	switch at.ParentEdgeKind() {
	case edge.ExprStmt_X:
		if lint.IsFunc(fn, "context", fn.Name()) {
			return // vet reports it
		}
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
		// A result that is dropped in so many words is not missed, unless its parent goes on.
		if on == nil && kept == nil && (!pure || r.droppedOpenly(at.Parent().Node(), expr)) {
			return
		}
	default:
		return
	}
	what := "context"
	if isRequest(call.Type()) {
		what = "request"
	}
	var related []analysis.RelatedInformation
	var then string
	if on != nil {
		if use := r.callExpr(on); use != nil {
			then = fmt.Sprintf(": %s is called without it", lint.Text(use.Fun))
			related = append(related, analysis.RelatedInformation{Pos: use.Pos(), End: use.End(), Message: "the parent is passed on here"})
		}
	}
	if kept != nil {
		then = fmt.Sprintf(": the %s that is kept beside its cancel function is its parent, which that does not end", lazyssa.Field(kept).Name())
	}
	r.report(expr, unused, fmt.Sprintf("the %s that %s returns is never used%s", what, lint.Text(expr.Fun), then), related...)
}

// keptBeside returns the field that keeps the parent of a context, of an object that keeps the function
// which ends the context: it was to keep the context itself. Nil if there is none.
func keptBeside(parent ssa.Value, call *ssa.Call) *ssa.FieldAddr {
	cancel := lazyssa.Result(call, 1)
	if cancel == nil || parent.Referrers() == nil {
		return nil
	}
	for _, at := range fieldsOf(cancel) {
		for _, beside := range fieldsOf(parent) {
			if at.X == beside.X {
				return beside
			}
		}
	}
	return nil
}

// fieldsOf returns the fields in which a value is stored.
func fieldsOf(v ssa.Value) (fields []*ssa.FieldAddr) {
	for _, ref := range *v.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Val == v {
			if fa, ok := st.Addr.(*ssa.FieldAddr); ok {
				fields = append(fields, fa)
			}
		}
	}
	return fields
}

// checkUnserved reports a context that is looked into and goes nowhere, though the request that it was derived of
// goes on to a handler: that one does not see what was put in.
func (r *run) checkUnserved(call *ssa.Call) {
	for _, ref := range *call.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Call:
			if !r.looks(&ref.Call, call) {
				return
			}
		default:
			return
		}
	}
	parent := ancestor(call)
	if parent == nil {
		return
	}
	on := passedOn(parent, call, false)
	if on == nil || !serves(on.Common()) {
		return
	}
	expr, use := r.callExpr(call), r.callExpr(on)
	if expr == nil || use == nil {
		return
	}
	r.report(expr, unused, fmt.Sprintf("the context that %s returns is only looked into here: %s is called with the request without it", lint.Text(expr.Fun), lint.Text(use.Fun)),
		analysis.RelatedInformation{Pos: use.Pos(), End: use.End(), Message: "the parent is passed on here"})
}

// looks reports whether a call does nothing with the context but to look a value up.
func (r *run) looks(common *ssa.CallCommon, ctx ssa.Value) bool {
	if common.IsInvoke() {
		return common.Value == ctx && isValue(common.Method)
	}
	_, f := r.factOf(common.StaticCallee())
	return f != nil && f.Looks && !f.Derives
}

// ancestor returns the context that a call derives its result of, in the end: what is between them is used for
// nothing else. Nil if it is.
func ancestor(call *ssa.Call) ssa.Value {
	for range 4 {
		i := contextArg(call)
		if i < 0 {
			return nil
		}
		v := call.Call.Args[i]
		var maker *ssa.Call
		switch x := v.(type) {
		case *ssa.Extract:
			maker, _ = x.Tuple.(*ssa.Call)
		case *ssa.Call:
			maker = x
		}
		if maker == nil || lint.IsMethod(lazyssa.Callee(maker), "net/http", "Request", "Context") || contextArg(maker) < 0 {
			return v
		}
		if slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
			_, debug := ref.(*ssa.DebugRef)
			return !debug && ref != call
		}) {
			return nil
		}
		call = maker
	}
	return nil
}

// serves reports whether a call hands a request to a handler, other than http.NotFound, which looks into no context.
func serves(common *ssa.CallCommon) bool {
	if callee := common.StaticCallee(); callee != nil && lint.IsFunc(callee.Object(), "net/http", "NotFound") {
		return false
	}
	params := common.Signature().Params()
	return params.Len() == 2 && lint.IsNamed(params.At(0).Type(), "net/http", "ResponseWriter") && isRequest(params.At(1).Type())
}

// childUsed reports whether anything is done with the context that call returns, as result i of a tuple.
func childUsed(call *ssa.Call, tuple bool, i int) bool {
	child := ssa.Value(call)
	if tuple {
		child = nil
		for _, ref := range *call.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Extract:
				if ref.Index == i {
					child = ref
				}
			case *ssa.DebugRef:
			default:
				return true // passed on as a whole
			}
		}
		if child == nil {
			return false
		}
	}
	return slices.ContainsFunc(*child.Referrers(), func(ref ssa.Instruction) bool {
		_, debug := ref.(*ssa.DebugRef)
		return !debug
	})
}

// droppedOpenly reports whether the statement assigns the call to the blank
// identifier, or to a variable that another statement assigns to it.
func (r *run) droppedOpenly(stmt ast.Node, call *ast.CallExpr) bool {
	var lhs ast.Expr
	switch stmt := stmt.(type) {
	case *ast.AssignStmt:
		lhs = stmt.Lhs[max(0, slices.Index(stmt.Rhs, ast.Expr(call)))]
	case *ast.ValueSpec:
		lhs = stmt.Names[max(0, slices.Index(stmt.Values, ast.Expr(call)))]
	}
	id, ok := lhs.(*ast.Ident)
	if !ok || id.Name == "_" {
		return true
	}
	obj := r.TypesInfo.ObjectOf(id)
	for c := range r.root.Preorder((*ast.Ident)(nil)) {
		use := c.Node().(*ast.Ident)
		if use.Pos() < call.End() || r.TypesInfo.Uses[use] != obj || c.ParentEdgeKind() != edge.AssignStmt_Rhs {
			continue
		}
		if to, ok := c.Parent().Node().(*ast.AssignStmt).Lhs[0].(*ast.Ident); ok && to.Name == "_" {
			return true
		}
	}
	return false
}

// passedOn returns a call after the given one that is handed the same parent
// context, or the request that it came from; nil if there is none. The call may stand
// in a function literal that is made after the given one. Those that a group runs alone have
// to do with the context of the group.
func passedOn(parent ssa.Value, after *ssa.Call, group bool) ssa.CallInstruction {
	carriers := carriersOf(parent)
	if group {
		carriers = nil
	}
	for _, v := range carriers {
		if v.Referrers() == nil {
			continue // nil, a constant
		}
		for _, ref := range *v.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Val == v {
				if call := handsStruct(st.Addr, after); call != nil {
					return call
				}
			}
			call, ok := ref.(ssa.CallInstruction)
			if !ok || ref == after || !hands(call, v) || !follows(ref, after) {
				continue
			}
			return call
		}
	}
	load, ok := parent.(*ssa.UnOp)
	if !ok {
		return nil
	}
	variable, ok := load.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	if stores, ok := lazyssa.StoresTo(variable); !ok || len(stores) > 1 {
		return nil
	}
	for _, ref := range *variable.Referrers() {
		if mc, ok := ref.(*ssa.MakeClosure); ok && follows(mc, after) && (!group || runByGroup(mc)) {
			if call := handedIn(mc.Fn.(*ssa.Function).FreeVars[slices.Index(mc.Bindings, ssa.Value(variable))]); call != nil {
				return call
			}
		}
	}
	return nil
}

// runByGroup reports whether a function literal is given to an errgroup.
func runByGroup(mc *ssa.MakeClosure) bool {
	return slices.ContainsFunc(*mc.Referrers(), func(ref ssa.Instruction) bool {
		call, ok := ref.(*ssa.Call)
		return ok && lint.IsMethod(lazyssa.Callee(call), "golang.org/x/sync/errgroup", "Group", "Go", "TryGo")
	})
}

// handsStruct returns a call after the given one that is handed the local struct, or its
// address, that the field at addr is one of.
func handsStruct(addr ssa.Value, after *ssa.Call) ssa.CallInstruction {
	fa, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	local, ok := fa.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	values := []ssa.Value{local}
	for _, ref := range *local.Referrers() {
		if load, ok := ref.(*ssa.UnOp); ok {
			values = append(values, load)
		}
	}
	for _, v := range values {
		for _, ref := range *v.Referrers() {
			if call, ok := ref.(ssa.CallInstruction); ok && call != after && follows(call, after) && hands(call, v) {
				return call
			}
		}
	}
	return nil
}

// handedIn returns a call in a function literal that is handed the captured context.
func handedIn(free *ssa.FreeVar) ssa.CallInstruction {
	for _, ref := range *free.Referrers() {
		load, ok := ref.(*ssa.UnOp)
		if !ok {
			continue
		}
		for _, use := range *load.Referrers() {
			if call, ok := use.(ssa.CallInstruction); ok && hands(call, load) {
				return call
			}
		}
	}
	return nil
}

// carriersOf returns the values that are the same context as v, or the request
// that it was taken from.
func carriersOf(v ssa.Value) []ssa.Value {
	list := []ssa.Value{v}
	add := func(addr ssa.Value) {
		if addr.Referrers() == nil {
			return
		}
		for _, ref := range *addr.Referrers() {
			if load, ok := ref.(*ssa.UnOp); ok && load.Op == token.MUL && load != v {
				list = append(list, load)
			}
		}
	}
	switch x := v.(type) {
	case *ssa.Call:
		if fn := x.Call.StaticCallee(); fn != nil && lint.IsMethod(fn.Object(), "net/http", "Request", "Context") {
			list = append(list, carriersOf(x.Call.Args[0])...)
		}
	case *ssa.UnOp:
		switch addr := x.X.(type) {
		case *ssa.Alloc, *ssa.FreeVar:
			if stores, ok := lazyssa.StoresTo(addr); ok && len(stores) <= 1 {
				add(addr)
			}
		case *ssa.FieldAddr:
			for _, ref := range *addr.X.Referrers() {
				if same, ok := ref.(*ssa.FieldAddr); ok && same.Field == addr.Field {
					add(same)
				}
			}
		}
	}
	return list
}

// hands reports whether a call gives v to code that may look for values in it.
func hands(call ssa.CallInstruction, v ssa.Value) bool {
	common := call.Common()
	if callee := common.StaticCallee(); callee != nil {
		if fn, ok := callee.Object().(*types.Func); ok && (isDerive(fn) || fn.Pkg() != nil && fn.Pkg().Path() == "net/http" && isRequest(common.Args[0].Type())) {
			return false
		}
		for res := range callee.Signature.Results().Variables() {
			if isCarrier(res.Type()) {
				return false // derives another child
			}
		}
	}
	return slices.Contains(common.Args, v)
}

// follows reports whether b may execute after a.
func follows(b, a ssa.Instruction) bool {
	if a.Parent() != b.Parent() {
		return false
	}
	if a.Block() == b.Block() {
		if slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b) {
			return true
		}
	}
	seen := make(map[*ssa.BasicBlock]bool)
	var reach func(*ssa.BasicBlock) bool
	reach = func(from *ssa.BasicBlock) bool {
		for _, succ := range from.Succs {
			if succ == b.Block() {
				return true
			}
			if !seen[succ] {
				seen[succ] = true
				if reach(succ) {
					return true
				}
			}
		}
		return false
	}
	return reach(a.Block())
}
