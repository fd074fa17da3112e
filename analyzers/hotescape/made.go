package hotescape

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/alloc"
	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
)

// methodValue looks for a method value that is made anew on every iteration, of a
// receiver that stays the same. Most of such loops set something up, so only those who
// ask are told.
func (r *pass) methodValue(c inspector.Cursor) {
	sel := c.Node().(*ast.SelectorExpr)
	selection := r.TypesInfo.Selections[sel]
	if selection == nil || selection.Kind() != types.MethodVal || c.ParentEdgeKind() == edge.CallExpr_Fun || path(sel.X) == "" {
		return
	}
	place := r.hot.At(sel)
	if !place.InLoop() || !r.all && !place.Marked {
		return
	}
	root := lint.RootIdent(sel.X)
	v, ok := r.TypesInfo.Uses[root].(*types.Var)
	if !ok || encloses(place.Cause, v) || r.assignedIn(v, place.Cause) || r.rebinds(sel, place.Cause) || !always(c, place.Cause) || r.escape.Expr(sel) != escape.Heap {
		return
	}
	f := finding{category: methodValue, node: sel, alloc: sel, place: place}
	r.report(f, "the method value %s is allocated on every iteration, though %s stays the same; assign it to a variable before the loop", path(sel), path(sel.X))
}

// rebinds reports whether a method value may be another one in the next round, though its variable stays the same:
// it holds a copy of its receiver, or a field on the way to that is set in the loop, or in a function that it calls.
func (r *pass) rebinds(method *ast.SelectorExpr, loop ast.Node) bool {
	recv := r.TypesInfo.Selections[method].Obj().(*types.Func).Signature().Recv().Type()
	if !isPointer(recv) && !types.IsInterface(recv) {
		return true
	}
	fields := make(map[types.Object]bool)
	for x := ast.Unparen(method.X); ; {
		sel, ok := x.(*ast.SelectorExpr)
		if !ok {
			break
		}
		fields[r.TypesInfo.Uses[sel.Sel]] = true
		x = ast.Unparen(sel.X)
	}
	if len(fields) == 0 {
		return false
	}
	found := r.sets(loop, fields)
	ast.Inspect(loop, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && !found {
			if fn := typeutil.StaticCallee(r.TypesInfo, call); fn != nil && fn.Pkg() == r.Pkg {
				if c, ok := r.root.FindByPos(fn.Pos(), fn.Pos()); ok {
					found = r.sets(c.Parent().Node(), fields)
				}
			}
		}
		return !found
	})
	return found
}

// sets reports whether one of some fields is assigned to within n.
func (r *pass) sets(n ast.Node, fields map[types.Object]bool) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if assign, ok := n.(*ast.AssignStmt); ok {
			for _, lhs := range assign.Lhs {
				sel, ok := ast.Unparen(lhs).(*ast.SelectorExpr)
				found = found || ok && fields[r.TypesInfo.Uses[sel.Sel]]
			}
		}
		return !found
	})
	return found
}

// mapSlots is the number of keys up to which a map that does not escape is on the stack.
const mapSlots = 8

// rebuiltLiteral looks for a map of constants that is built anew each time only to be
// looked up in.
func (r *pass) rebuiltLiteral(c inspector.Cursor) {
	lit := c.Node().(*ast.CompositeLit)
	t := r.TypesInfo.TypeOf(lit)
	if t == nil || lint.IsTypeParam(t) {
		return
	}
	if _, ok := t.Underlying().(*types.Slice); ok {
		r.constantList(lit)
	}
	if len(lit.Elts) <= mapSlots {
		return
	}
	if _, ok := t.Underlying().(*types.Map); !ok || !r.constantElements(lit) || !r.onlyLookedUp(c) {
		return
	}
	place := r.hot.At(lit)
	if !place.Worth() && (!r.all || place.Rare) || !r.escape.Known() {
		return
	}
	f := finding{category: rebuiltLiteral, node: &litHead{lit}, alloc: lit, place: place}
	r.report(f, "a map of %d constant keys is built %s only to be looked up in; make it a package variable", len(lit.Elts), place.When())
}

// constantList looks for a slice of constants that is made anew each time. Who gets it
// may change it, so only those who ask are told.
func (r *pass) constantList(lit *ast.CompositeLit) {
	if len(lit.Elts) == 0 {
		return
	}
	for _, elt := range lit.Elts {
		if !r.unchanging(elt) {
			return
		}
	}
	place := r.hot.At(lit)
	if !place.Worth() || !r.all && !place.Marked || r.escape.Expr(lit) != escape.Heap {
		return
	}
	what := "constants"
	if len(lit.Elts) == 1 {
		what = "constant"
	}
	f := finding{category: rebuiltLiteral, node: &litHead{lit}, alloc: lit, place: place}
	r.report(f, "a list of %d %s is allocated %s; make it a package variable, if nobody changes it", len(lit.Elts), what, place.When())
}

// litHead is a composite literal for the reader: its type.
type litHead struct{ *ast.CompositeLit }

func (h *litHead) End() token.Pos { return h.Lbrace + 1 }

func (r *pass) constantElements(lit *ast.CompositeLit) bool {
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok || !r.unchanging(kv.Key) || !r.unchanging(kv.Value) {
			return false
		}
	}
	return true
}

// unchanging reports whether the expression is a constant, nil, or a literal of these
// that holds no reference of its own.
func (r *pass) unchanging(e ast.Expr) bool {
	e = ast.Unparen(e)
	if tv := r.TypesInfo.Types[e]; tv.Value != nil || tv.IsNil() {
		return true
	}
	lit, ok := e.(*ast.CompositeLit)
	if !ok {
		return false
	}
	switch r.TypesInfo.TypeOf(lit).Underlying().(type) {
	case *types.Struct, *types.Array:
	default:
		return false
	}
	for _, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			elt = kv.Value
		}
		if !r.unchanging(elt) {
			return false
		}
	}
	return true
}

// onlyLookedUp reports whether the map that the literal at c makes is only indexed,
// measured and ranged over.
func (r *pass) onlyLookedUp(c inspector.Cursor) bool {
	if r.lookup(c) {
		return true
	}
	var id *ast.Ident
	switch n := c.Parent().Node().(type) {
	case *ast.AssignStmt:
		if c.ParentEdgeKind() != edge.AssignStmt_Rhs || n.Tok != token.DEFINE || len(n.Lhs) != len(n.Rhs) {
			return false
		}
		id, _ = n.Lhs[c.ParentEdgeIndex()].(*ast.Ident)
	case *ast.ValueSpec:
		if len(n.Names) != len(n.Values) {
			return false
		}
		id = n.Names[c.ParentEdgeIndex()]
	}
	v := r.local(id)
	if v == nil {
		return false
	}
	for _, use := range r.usesOf(v) {
		if !r.lookup(use) {
			return false
		}
	}
	return true
}

// lookup reports whether the map at c is read where it stands.
func (r *pass) lookup(c inspector.Cursor) bool {
	switch c.ParentEdgeKind() {
	case edge.RangeStmt_X:
		return true
	case edge.IndexExpr_X:
		index := c.Parent()
		switch index.ParentEdgeKind() {
		case edge.AssignStmt_Lhs, edge.IncDecStmt_X:
			return false
		}
		return true
	case edge.CallExpr_Args:
		b, ok := typeutil.Callee(r.TypesInfo, c.Parent().Node().(*ast.CallExpr)).(*types.Builtin)
		return ok && b.Name() == "len"
	}
	return false
}

// largeValue looks for a variable or a slice that is too large for the stack.
func (r *pass) largeValue(c inspector.Cursor) {
	for _, decl := range r.declared(c) {
		v := r.local(decl.id)
		if v == nil {
			continue
		}
		size, made := r.sizeOf(v.Type()), ast.Node(decl.id)
		limit := int64(128 << 10)
		if call, ok := decl.value.(*ast.CallExpr); ok {
			size, limit = r.madeSize(call), 64<<10
			made = call
		}
		if size <= limit {
			continue
		}
		place := r.hot.At(decl.id)
		if !place.Worth() || place.InLoop() && !r.all && !place.Marked && !always(c, place.Cause) {
			continue
		}
		if made == ast.Node(decl.id) && r.escape.Var(decl.id) != escape.Heap || made != ast.Node(decl.id) && r.escape.Expr(made.(ast.Expr)) != escape.Heap {
			continue
		}
		if !r.tooLarge(made) || r.handsOut(v, make(map[*types.Var]bool)) {
			continue
		}
		f := finding{category: largeValue, node: decl.id, alloc: made, place: place}
		remedy := "take it from a sync.Pool"
		if place.InLoop() {
			remedy = "declare it before the loop"
		}
		r.report(f, "%s (%s) is allocated %s, because it is too large for the stack; %s, and clear it where its zeros matter", v.Name(), bytes(size), place.When(), remedy)
	}
}

// handsOut reports whether v, or its address, is returned or stored: who gets it owns it,
// and says when there is a next one.
func (r *pass) handsOut(v *types.Var, seen map[*types.Var]bool) bool {
	seen[v] = true
	_, pointer := v.Type().Underlying().(*types.Pointer)
	_, slice := v.Type().Underlying().(*types.Slice)
	for _, use := range r.usesOf(v) {
		shared := pointer || slice
		cur := use
	climb:
		for {
			switch cur.ParentEdgeKind() {
			case edge.UnaryExpr_X:
				shared = shared || cur.Parent().Node().(*ast.UnaryExpr).Op == token.AND
			case edge.SliceExpr_X:
				shared = true
			case edge.ParenExpr_X, edge.KeyValueExpr_Value, edge.CompositeLit_Elts:
			default:
				break climb
			}
			cur = cur.Parent()
		}
		if !shared {
			continue
		}
		switch cur.ParentEdgeKind() {
		case edge.ReturnStmt_Results, edge.SendStmt_Value:
			return true
		case edge.CallExpr_Args:
			b, ok := typeutil.Callee(r.TypesInfo, cur.Parent().Node().(*ast.CallExpr)).(*types.Builtin)
			if ok && b.Name() == "append" && cur.ParentEdgeIndex() > 0 {
				return true
			}
		case edge.AssignStmt_Rhs:
			s := cur.Parent().Node().(*ast.AssignStmt)
			if len(s.Lhs) != len(s.Rhs) {
				continue
			}
			id, ok := s.Lhs[cur.ParentEdgeIndex()].(*ast.Ident)
			if !ok {
				return true
			}
			if alias := r.local(id); alias == nil && id.Name != "_" || alias != nil && !seen[alias] && r.handsOut(alias, seen) {
				return true
			}
		}
	}
	return false
}

// madeSize returns the bytes that make([]T, n) or new(T) takes, if that is known.
func (r *pass) madeSize(call *ast.CallExpr) int64 {
	b, ok := typeutil.Callee(r.TypesInfo, call).(*types.Builtin)
	if !ok || len(call.Args) == 0 {
		return -1
	}
	t := r.TypesInfo.TypeOf(call.Args[0])
	switch b.Name() {
	case "new":
		return r.sizeOf(t)
	case "make":
		s, ok := t.Underlying().(*types.Slice)
		if !ok || len(call.Args) < 2 || hasTypeParam(t) {
			return -1
		}
		v := r.TypesInfo.Types[call.Args[len(call.Args)-1]].Value
		if v == nil {
			return -1
		}
		n, ok := constant.Int64Val(constant.ToInt(v))
		if size := r.sizeOf(s.Elem()); ok && size > 0 && n < 1<<40/size {
			return n * size
		}
	}
	return -1
}

// tooLarge reports whether the compiler gives the size as its reason.
func (r *pass) tooLarge(n ast.Node) bool {
	for _, site := range r.escape.Sites(n) {
		if site.Reason == "too large for stack" {
			return true
		}
	}
	return false
}

// smallElement is the size up to which a struct is as well kept by value in a list.
const smallElement = 128

// pointerElements looks for a local list of pointers to structs that are made one by one
// to fill it. Where the list leaves the function, the change is one of types, and only
// those who ask are told.
func (r *pass) pointerElements(c inspector.Cursor) {
	assign := c.Node().(*ast.AssignStmt)
	if len(assign.Lhs) != 1 || len(assign.Rhs) != 1 || assign.Tok != token.ASSIGN {
		return
	}
	list, value := r.filled(assign)
	if list == nil {
		return
	}
	amp, ok := ast.Unparen(value).(*ast.UnaryExpr)
	if !ok || amp.Op != token.AND {
		return
	}
	lit, ok := ast.Unparen(amp.X).(*ast.CompositeLit)
	if !ok {
		return
	}
	size := r.sizeOf(r.TypesInfo.TypeOf(lit))
	if size <= 0 || size > smallElement || !holdsPointers(list.Type()) {
		return
	}
	place := r.hot.At(assign)
	if !place.InLoop() || encloses(place.Cause, list) || !r.all && !place.Marked && !r.filledAndRead(list) || r.escape.Expr(amp) != escape.Heap {
		return
	}
	f := finding{category: pointerElements, node: amp, alloc: amp, place: place}
	r.report(f, "each element of %s (%s) is allocated by itself %s; keep values in %[1]s, if nobody needs their addresses while it grows", list.Name(), bytes(size), place.When())
}

// holdsPointers reports whether the elements of a slice or map are pointers, and not
// interfaces that other types are put into as well.
func holdsPointers(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return isPointer(t.Elem())
	case *types.Map:
		return isPointer(t.Elem())
	}
	return false
}

// filled returns the local slice or map that the statement adds a value to, and the value.
func (r *pass) filled(assign *ast.AssignStmt) (*types.Var, ast.Expr) {
	to, value := ast.Unparen(assign.Lhs[0]), assign.Rhs[0]
	if index, ok := to.(*ast.IndexExpr); ok {
		to = ast.Unparen(index.X)
		if t := r.TypesInfo.TypeOf(to); t == nil || !isMap(t) {
			return nil, nil
		}
	} else {
		call, ok := ast.Unparen(value).(*ast.CallExpr)
		if !ok || len(call.Args) != 2 || call.Ellipsis.IsValid() {
			return nil, nil
		}
		if b, ok := typeutil.Callee(r.TypesInfo, call).(*types.Builtin); !ok || b.Name() != "append" {
			return nil, nil
		}
		value = call.Args[1]
	}
	id, ok := to.(*ast.Ident)
	if !ok {
		return nil, nil
	}
	v, ok := r.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.Parent() == nil || v.Parent() == r.Pkg.Scope() || v.Kind() != types.LocalVar {
		return nil, nil
	}
	return v, value
}

// filledAndRead reports whether nothing is done with a local list but to fill it, to ask its
// length, and to read fields of its elements.
func (r *pass) filledAndRead(list *types.Var) bool {
	for _, use := range r.usesOf(list) {
		parent := use.Parent()
		switch use.ParentEdgeKind() {
		case edge.AssignStmt_Lhs:
			if parent.Node().(*ast.AssignStmt).Tok != token.ASSIGN {
				return false
			}
		case edge.CallExpr_Args:
			b, ok := typeutil.Callee(r.TypesInfo, parent.Node().(*ast.CallExpr)).(*types.Builtin)
			if !ok || b.Name() != "len" && (b.Name() != "append" || !r.addsTo(list, parent, use)) {
				return false
			}
		case edge.IndexExpr_X:
			if parent.ParentEdgeKind() != edge.AssignStmt_Lhs && !r.fieldRead(parent) {
				return false
			}
		case edge.RangeStmt_X:
			id, ok := parent.Node().(*ast.RangeStmt).Value.(*ast.Ident)
			if !ok {
				return false
			}
			for _, elem := range r.usesOf(r.TypesInfo.Defs[id]) {
				if !r.fieldRead(elem) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// addsTo reports whether a call of append adds single values to a list, which it is given by use, and leaves
// them there.
func (r *pass) addsTo(list *types.Var, call, use inspector.Cursor) bool {
	c := call.Node().(*ast.CallExpr)
	if c.Args[0] != use.Node() || c.Ellipsis.IsValid() || call.ParentEdgeKind() != edge.AssignStmt_Rhs {
		return false
	}
	to := call.Parent().Node().(*ast.AssignStmt).Lhs
	id, ok := ast.Unparen(to[0]).(*ast.Ident)
	return ok && len(to) == 1 && r.TypesInfo.ObjectOf(id) == list
}

// fieldRead reports whether a field of the struct at the cursor is read, and nothing else
// is done with it there.
func (r *pass) fieldRead(c inspector.Cursor) bool {
	sel, ok := c.Parent().Node().(*ast.SelectorExpr)
	if !ok {
		return false
	}
	if s := r.TypesInfo.Selections[sel]; s == nil || s.Kind() != types.FieldVal {
		return false
	}
	_, taken, written := r.addressOf(c.Parent())
	return !taken && !written
}

func isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// perCallChannel looks for a channel that is made each time. What the goroutines around it
// cost is mostly more, so only those who ask are told.
func (r *pass) perCallChannel(c inspector.Cursor) {
	for _, decl := range r.declared(c) {
		call, ok := decl.value.(*ast.CallExpr)
		v := r.local(decl.id)
		if !ok || v == nil {
			continue
		}
		ch, ok := v.Type().Underlying().(*types.Chan)
		if b, isBuiltin := typeutil.Callee(r.TypesInfo, call).(*types.Builtin); !ok || !isBuiltin || b.Name() != "make" {
			continue
		}
		place := r.hot.At(decl.id)
		if !place.Worth() || !r.all && !place.Marked || r.alloc.At(call).Verdict != alloc.Confirmed {
			continue
		}
		remedy := "keep one for the next round"
		if s, ok := ch.Elem().Underlying().(*types.Struct); ok && s.NumFields() == 0 {
			remedy = "a sync.WaitGroup that is kept needs none"
		}
		f := finding{category: perCallChannel, node: decl.id, alloc: call, place: place}
		r.report(f, "the channel %s is allocated %s; %s", v.Name(), place.When(), remedy)
	}
}
