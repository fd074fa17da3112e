package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// perhaps notes a lock that is probably the one which is held, though it has another name:
// a method or literal that the object itself leads to takes the lock of an object of its
// type, or an element of the object takes that of the object its pointer leads back to. Where
// there is only one object of the type, it is that lock.
func (w *lockWalk) perhaps(s *lockState, call ssa.CallInstruction, a acquisition) {
	if len(a.chain) == 0 || a.class == nil {
		return
	}
	for _, h := range s.held {
		if h.stale || h.Lock == a.lock || h.Lock.Class() != a.class || slices.Contains(a.gone, h.Lock) || len(h.Lock.path) == 0 {
			continue
		}
		only := w.l.m.lone(h.Lock.owner)
		if only || w.leadsTo(call, h, a) || leadsBack(h.Lock, a.lock) {
			a.weak = a.weak || !only
			w.note(call, a, h)
			return
		}
	}
}

// leadsTo reports whether a call is through a function value or interface that the object
// of a lock holds, and the callee knows an object of the type from somewhere else.
func (w *lockWalk) leadsTo(call ssa.CallInstruction, h Hold, a acquisition) bool {
	c := call.Common()
	if c.StaticCallee() != nil || derivedFrom(c.Value) != h.Lock.root {
		return false
	}
	if a.lock == nil {
		return true
	}
	in := a.lock.root.Parent()
	return in != nil && in != w.f
}

// leadsBack reports whether a lock is reached from an element of the object of another
// through a pointer to an object of that type, which is set when the element is made.
func leadsBack(held, other *Place) bool {
	if other == nil || len(other.path) < 3 || other.path[0] == nil || other.path[1] != nil || derivedFrom(other.root) != held.root || other.root == held.root {
		return false
	}
	rest := other.path[2:]
	n := len(held.path) - len(rest)
	return n >= 0 && slices.Equal(held.path[n:], rest)
}

// home returns the place of a lock that an element of an object reaches by its pointer back to
// the object, as the object leads to it; nil if the pointer is not known to lead there.
func (l *Locks) home(p *Place) *Place {
	for i := 0; i+4 < len(p.path); i++ { // by way of the field that has the element
		in, back := p.path[i], p.path[i+2]
		if in != nil && p.path[i+1] == nil && back != nil && p.path[i+3] == nil && !l.moved[back] && l.comesBack(back, in) {
			return l.intern(p.root, slices.Concat(p.path[:i], p.path[i+4:]), p.owner)
		}
	}
	if len(p.path) < 3 || p.path[0] == nil || p.path[1] != nil || l.moved[p.path[0]] {
		return nil
	}
	from, in := takenFrom(p.root, pointee(p.path[0].Type()))
	if from == nil || !l.comesBack(p.path[0], in) {
		return nil
	}
	owner := l.place(from)
	return l.intern(owner.root, slices.Concat(owner.path, p.path[2:]), p.owner)
}

// ownElement reports whether a call is through an interface that a field has, to a method of an object which
// points back to the object of the field: such objects are put there.
func (l *Locks) ownElement(c *ssa.CallCommon, method *ssa.Function) bool {
	if !c.IsInvoke() || len(method.Params) == 0 {
		return false
	}
	in := lazyssa.FieldLoaded(c.Value)
	st, ok := pointee(method.Params[0].Type()).Underlying().(*types.Struct)
	if in == nil || !ok {
		return false
	}
	for back := range st.Fields() {
		if types.Identical(back.Type(), in.X.Type()) && l.comesBack(back.Origin(), fieldVar(in)) {
			return true
		}
	}
	return false
}

// takenFrom returns the object of a named type that a value has been taken out of, the nearest one, and
// the field of the object that it was in; or nil.
func takenFrom(v ssa.Value, of types.Type) (object ssa.Value, in *types.Var) {
	if _, ok := of.(*types.Named); !ok {
		return nil, nil
	}
	for range maxDerived {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			in = fieldVar(x)
		case *ssa.Field:
			in = lazyssa.Var(x.X.Type(), x.Field)
		}
		from := derivation(v)
		if from == nil {
			return nil, nil
		}
		if v = from; in != nil && types.Identical(of, pointee(v.Type())) {
			return v, in
		}
	}
	return nil, nil
}

// An element is a lock of an element of an object: what leads to it from the element.
type element struct {
	of   *Place     // the object
	in   *types.Var // its field that the element has been taken out of
	path []*types.Var
}

// asElement returns the lock at a place as that of an element, or the zero element.
func (l *Locks) asElement(p *Place) element {
	top := derivedFrom(p.root)
	from, in := takenFrom(p.root, pointee(top.Type()))
	if from == nil || from != top { // another object of the type is in between
		return element{}
	}
	return element{l.place(from), in, p.path}
}

// Nested reports whether one event takes the lock of an element while that of its object is held,
// and another, while that of an element is held, takes that of the object which the element's
// pointer, set when it is made, leads back to: wherever that is set, the element is put into the
// object that it points to.
func (l *Locks) Nested(outer *Place, in *LockEvent, inner, back *Place) bool {
	e := in.element
	if in.Lock != nil {
		e = l.asElement(in.Lock)
	}
	if outer == nil || e.of == nil || inner == nil || back == nil {
		return false
	}
	if e.of != l.intern(outer.root, nil, nil) || !slices.Equal(e.path, inner.path) || back.root != inner.root {
		return false
	}
	if len(back.path) < 3 || back.path[0] == nil || back.path[1] != nil {
		return false
	}
	rest := back.path[2:]
	n := len(outer.path) - len(rest)
	return n >= 0 && slices.Equal(outer.path[n:], rest) && l.belongs(back.path[0], e.in)
}

// belongs reports whether objects are put into a field of the object that a field of theirs points to.
func (l *Locks) belongs(back, in *types.Var) bool {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	return l.comesBack(back, in)
}

func (l *Locks) comesBack(back, in *types.Var) bool {
	key := backKey{back, in}
	does, known := l.back[key]
	if !known {
		l.back[key] = false // breaks cycles
		does = l.leadsHome(back, in)
		l.back[key] = does
	}
	return does
}

// backKey is a pointer to an object and a field of the object.
type backKey struct{ back, in *types.Var }

func (l *Locks) leadsHome(back, in *types.Var) bool {
	l.m.indexFields()
	found := false
	for _, st := range l.m.fieldStores[back] {
		if lazyssa.IsZero(st.Val) {
			continue
		}
		fa, ok := st.Addr.(*ssa.FieldAddr)
		if !ok || !l.putInto(fa.X, l.place(st.Val), in, 6) {
			return false
		}
		found = true
	}
	return found
}

// putInto reports whether a value is put into a field of an object, or what belongs to that.
func (l *Locks) putInto(v ssa.Value, owner *Place, in *types.Var, depth int) bool {
	if owner == nil || depth == 0 {
		return false
	}
	within := func(x ssa.Value) bool {
		if phi, ok := x.(*ssa.Phi); ok { // a map that is made when it is first needed
			if i := slices.IndexFunc(phi.Edges, func(e ssa.Value) bool { return derivation(e) != nil }); i >= 0 {
				x = phi.Edges[i]
			}
		}
		top := derivedFrom(x)
		from, field := takenFrom(x, pointee(top.Type()))
		return from == top && field == in && l.place(top) == owner
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MapUpdate:
			if (ref.Value == v || ref.Key == v) && within(ref.Map) {
				return true
			}
		case *ssa.Store:
			if ref.Val != v {
				continue
			}
			switch a := ref.Addr.(type) {
			case *ssa.FieldAddr:
				if within(a) {
					return true
				}
			case *ssa.IndexAddr:
				if list, ok := a.X.(*ssa.Alloc); ok && l.putInto(list, owner, in, depth-1) || within(a.X) {
					return true
				}
			case *ssa.Alloc:
				for _, load := range *a.Referrers() {
					if u, ok := load.(*ssa.UnOp); ok && l.putInto(u, owner, in, depth-1) {
						return true
					}
				}
			}
		case *ssa.UnOp: // of a literal that is no pointer
			if _, literal := v.(*ssa.Alloc); literal && ref.Op == token.MUL && l.putInto(ref, owner, in, depth-1) {
				return true
			}
		case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.Slice: // of the arguments of append
			if l.putInto(ref.(ssa.Value), owner, in, depth-1) {
				return true
			}
		case *ssa.Call:
			if b, ok := ref.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" && l.putInto(ref, owner, in, depth-1) {
				return true
			}
			if fn := ref.Call.StaticCallee(); fn != nil && l.m.inside(origin(fn)) && slices.Contains(ref.Call.Args, v) {
				fn = origin(fn)
				for i, arg := range ref.Call.Args {
					if arg != v || i >= len(fn.Params) {
						continue
					}
					for j, other := range ref.Call.Args {
						if l.place(other) == owner && l.putInto(fn.Params[i], l.place(fn.Params[j]), in, depth-1) {
							return true
						}
					}
				}
			}
		case *ssa.Return:
			fn := ref.Parent()
			for _, site := range l.m.sites[fn] {
				if call, ok := site.(*ssa.Call); ok && len(ref.Results) == 1 && l.putInto(call, l.translate(owner, fn, site), in, depth-1) {
					return true
				}
			}
		}
	}
	return false
}

// boundTo names the receiver of a method value that a field holds, if it is always the object that
// has the field, or the one that the object which has the field was put into; nil otherwise.
func (l *Locks) boundTo(v ssa.Value, method *ssa.Function) *Place {
	fa := lazyssa.FieldLoaded(v)
	if fa == nil || method.Synthetic == "" || len(method.FreeVars) != 1 {
		return nil
	}
	l.m.indexFields()
	field := l.m.fieldOf(fa.X.Type(), fa.Field)
	if field == nil || l.m.fieldShared[field] || l.m.named(field) {
		return nil
	}
	from, in := takenFrom(fa.X, pointee(method.FreeVars[0].Type()))
	self, home := true, from != nil
	for _, st := range l.m.fieldStores[field] {
		if lazyssa.IsZero(st.Val) {
			continue
		}
		mc, ok := st.Val.(*ssa.MakeClosure)
		to, isField := st.Addr.(*ssa.FieldAddr)
		if !ok || !isField || mc.Fn != method {
			return nil
		}
		recv := l.place(mc.Bindings[0])
		self = self && recv == l.place(to.X)
		home = home && l.putInto(to.X, recv, in, 6)
	}
	switch {
	case self:
		return l.place(fa.X)
	case home:
		return l.place(from)
	}
	return nil
}

// Inverse reports whether one place takes the lock of an object and then that of another
// which the object has a pointer to, and another place that of the second and then that of
// the first, by the pointer back that the second one has from the beginning.
func (l *Locks) Inverse(outer, inner, inner2, outer2 *Place) bool {
	if outer == nil || inner == nil || inner2 == nil || outer2 == nil || outer.root != inner.root || inner2.root != outer2.root {
		return false
	}
	n := 0
	for n < len(outer.path) && n < len(inner.path) && outer.path[n] == inner.path[n] {
		n++
	}
	to, lock2 := pointerStep(inner.path[n:])
	k := len(inner2.path) - len(lock2)
	if to == nil || k < 0 || !slices.Equal(inner2.path[k:], lock2) || len(outer2.path) < k || !slices.Equal(outer2.path[:k], inner2.path[:k]) {
		return false
	}
	back, lock1 := pointerStep(outer2.path[k:])
	return back != nil && slices.Equal(lock1, outer.path[n:]) && l.inverse(to, back)
}

// pointerStep splits a path into the pointer that it begins with and the rest.
func pointerStep(path []*types.Var) (*types.Var, []*types.Var) {
	if len(path) < 3 || path[0] == nil || path[1] != nil {
		return nil, nil
	}
	return path[0], path[2:]
}

// inverse reports whether one field always points to an object of which the other field
// points back: wherever it is set, it is to an object that was made that way.
func (l *Locks) inverse(to, back *types.Var) bool {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	l.m.indexFields()
	made := func(from, there *types.Var) bool {
		if l.m.fieldShared[from] || len(l.m.fieldStores[from]) == 0 {
			return false
		}
		for _, st := range l.m.fieldStores[from] {
			if lazyssa.IsZero(st.Val) {
				continue
			}
			v := l.place(st.Val)
			fa, ok := st.Addr.(*ssa.FieldAddr)
			if ok && len(v.path) == 0 && l.initial(v.root, there) == l.place(fa.X) {
				continue
			}
			if !ok || !l.setTo(st.Parent(), v, there, l.place(fa.X)) {
				return false
			}
		}
		return true
	}
	return made(to, back) && !l.moved[back] || made(back, to) && !l.moved[to]
}

// setTo reports whether a function sets the field of an object that is at one place to that at another.
func (l *Locks) setTo(fn *ssa.Function, object *Place, field *types.Var, to *Place) bool {
	return slices.ContainsFunc(l.m.fieldStores[field], func(st *ssa.Store) bool {
		fa, ok := st.Addr.(*ssa.FieldAddr)
		return ok && st.Parent() == fn && l.place(fa.X) == object && l.place(st.Val) == to
	})
}

// Swapped returns two calls of fn that pass the same two objects for parameters i and j, one
// in this order and one in the other, or one that passes any two elements of a container.
func (l *Locks) Swapped(fn *ssa.Function, i, j int) []ssa.CallInstruction {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	sites := l.m.sites[fn]
	for n, a := range sites {
		x := arguments(a, fn)
		if len(x) <= max(i, j) {
			continue
		}
		if from := elementOf(x[i]); from != nil && from == elementOf(x[j]) && x[i] != x[j] {
			return []ssa.CallInstruction{a}
		}
		if l.chosen(x[i], x[j]) {
			return []ssa.CallInstruction{a}
		}
		for _, b := range sites[n+1:] {
			y := arguments(b, fn)
			if len(y) > max(i, j) && a.Parent() == b.Parent() && l.place(x[i]) == l.place(y[j]) && l.place(x[j]) == l.place(y[i]) {
				if plain(a) && plain(b) && l.m.tests.Has(a.Pos()) {
					continue // a test that does the one after the other
				}
				return []ssa.CallInstruction{a, b}
			}
		}
	}
	return nil
}

// Chosen reports whether two values are elements of one container that the callers of their function
// choose in any order: it compares neither them nor what they choose them by.
func (l *Locks) Chosen(x, y ssa.Value) bool {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	if !l.chosen(x, y) {
		return false
	}
	_, i := byParameter(x)
	_, j := byParameter(y)
	for _, b := range i.Parent().Blocks {
		if slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			return orders(instr, x, y) || pointsTo(instr, x, y, j) || pointsTo(instr, y, x, i)
		}) {
			return false
		}
	}
	return true
}

// pointsTo reports whether an instruction asks if a part of an element says that it belongs to another one,
// as a child does: then they have an order.
func pointsTo(instr ssa.Instruction, x, other, key ssa.Value) bool {
	cmp, ok := instr.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ {
		return false
	}
	part := func(v ssa.Value) bool { return v != x && lazyssa.Mentions(v, 3, is(x)) }
	names := func(v ssa.Value) bool { return v == other || v == key }
	return part(cmp.X) && names(cmp.Y) || part(cmp.Y) && names(cmp.X)
}

// chosen reports whether two values are elements of one container that the function's callers choose,
// and the function does not compare what they choose them by, as to begin with the lesser one.
func (l *Locks) chosen(x, y ssa.Value) bool {
	from, i := byParameter(x)
	other, j := byParameter(y)
	if i == nil || j == nil || i == j || l.place(from) != l.place(other) {
		return false
	}
	for _, b := range i.Parent().Blocks {
		if slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool { return orders(instr, i, j) }) {
			return false
		}
	}
	return true
}

// orders reports whether an instruction compares two values, or parts of them.
func orders(instr ssa.Instruction, x, y ssa.Value) bool {
	switch v := instr.(type) {
	case *ssa.BinOp:
		if v.Op != token.LSS && v.Op != token.LEQ && v.Op != token.GTR && v.Op != token.GEQ {
			return false
		}
		return lazyssa.Mentions(v, 5, is(x)) && lazyssa.Mentions(v, 5, is(y))
	case *ssa.Call: // strings.Compare, less
		result, ok := v.Type().Underlying().(*types.Basic)
		given := func(x ssa.Value) bool {
			return slices.ContainsFunc(v.Call.Args, func(arg ssa.Value) bool { return lazyssa.Mentions(arg, 3, is(x)) })
		}
		return ok && result.Info()&(types.IsInteger|types.IsBoolean) != 0 && given(x) && given(y)
	}
	return false
}

func is(x ssa.Value) func(ssa.Value) bool { return func(v ssa.Value) bool { return v == x } }

// byParameter returns the container that a value is taken out of by a parameter of the function, and the
// parameter.
func byParameter(v ssa.Value) (container ssa.Value, index *ssa.Parameter) {
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	switch x := v.(type) {
	case *ssa.Lookup:
		index, _ = x.Index.(*ssa.Parameter)
		return x.X, index
	case *ssa.UnOp:
		if at, ok := x.X.(*ssa.IndexAddr); ok {
			index, _ = at.Index.(*ssa.Parameter)
			return at.X, index
		}
	}
	return nil, nil
}

func plain(call ssa.CallInstruction) bool { _, ok := call.(*ssa.Call); return ok }

// elementOf returns the container that a loop takes a value out of, or nil.
func elementOf(v ssa.Value) ssa.Value {
	var container ssa.Value
	for {
		switch x := v.(type) {
		case *ssa.UnOp:
			if a := lazyssa.Variable(x.X); a != nil {
				sts := stores(a)
				if len(sts) != 1 {
					return nil
				}
				v = sts[0].Val
				continue
			}
			at, ok := x.X.(*ssa.IndexAddr)
			if !ok || !inCycle(x.Block()) {
				return nil
			}
			if _, isConst := at.Index.(*ssa.Const); isConst {
				return nil
			}
			container = at.X
		case *ssa.Extract:
			next, ok := x.Tuple.(*ssa.Next)
			if !ok {
				return nil
			}
			r, ok := next.Iter.(*ssa.Range)
			if !ok {
				return nil
			}
			container = r.X
		default:
			return nil
		}
		if u, ok := container.(*ssa.UnOp); ok {
			return u.X
		}
		return container
	}
}

// maxDerived bounds the steps by which a value is followed to an object.
const maxDerived = 8

// derivedFrom follows a value that has been taken out of the fields and containers of an
// object back to the object.
func derivedFrom(v ssa.Value) ssa.Value {
	for range maxDerived {
		from := derivation(v)
		if from == nil {
			break
		}
		v = from
	}
	return v
}

// derivation returns what a value has been taken out of, by one step, or nil.
func derivation(v ssa.Value) ssa.Value {
	switch x := v.(type) {
	case *ssa.UnOp:
		if x.Op != token.MUL {
			return nil
		}
		if a := lazyssa.Variable(x.X); a != nil {
			if sts := stores(a); len(sts) == 1 {
				return sts[0].Val
			}
			return nil
		}
		return x.X
	case *ssa.FieldAddr:
		return x.X
	case *ssa.Field:
		return x.X
	case *ssa.IndexAddr:
		return x.X
	case *ssa.Index:
		return x.X
	case *ssa.Lookup:
		return x.X
	case *ssa.Extract:
		return x.Tuple
	case *ssa.Next:
		return x.Iter
	case *ssa.Range:
		return x.X
	case *ssa.ChangeType:
		return x.X
	case *ssa.TypeAssert:
		return x.X
	}
	return nil
}
