package poolflow

import (
	"go/token"
	"go/types"
	"math/bits"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// use is what a call does to the content of one of its arguments.
type use int

const (
	nothing use = iota
	reads       // depends on what is there
	fills       // adds to what is there
	resets      // clears it
	drains      // reads and uses up
	loses       // unknown
)

// ResetName reports whether a function of that name prepares an object for
// its next use.
func ResetName(name string) bool {
	name = strings.ToLower(name)
	for _, verb := range []string{"reset", "clear", "clean", "init", "free", "recycle", "release", "zero", "reinit", "purge", "wipe"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// call applies what a call, possibly deferred, does to the object.
func (w *walk) call(st *state, call ssa.CallInstruction) {
	c := call.Common()
	if isPoolMethod(c, "Put") {
		if w.is(c.Args[1]) {
			st.lose(w.deciders(call.Block()))
			w.put(*st, putEffect{pool: w.home(c.Args[0]), call: call})
		} else if w.within(lazyssa.Strip(c.Args[1])) != 0 {
			st.lose(all)
		}
		return
	}
	if eff := w.closers[c.Value]; eff != nil {
		w.apply(st, call, eff, nil)
		return
	}
	if b, ok := c.Value.(*ssa.Builtin); ok {
		w.builtin(st, b.Name(), call)
		return
	}
	if mc, ok := c.Value.(*ssa.MakeClosure); ok {
		fn := mc.Fn.(*ssa.Function)
		for i, b := range mc.Bindings {
			if w.cells[b] {
				w.apply(st, call, w.summary(fn, fn.FreeVars[i]), nil)
			} else if w.within(b) != 0 || w.is(b) {
				st.lose(all)
			}
		}
	}
	if w.is(c.Value) && w.kind == buffer {
		w.use(st, 0, bufferMethod(c.Method.Name(), c), call)
		return
	}
	if w.is(c.Value) {
		if w.hooked(st, call) {
			return
		}
		w.unknown(st) // method of an interface that holds it
		return
	}
	for i, arg := range c.Args {
		if w.is(arg) {
			w.object(st, call, i, arg)
			continue
		}
		addr := arg
		if mi, ok := arg.(*ssa.MakeInterface); ok {
			addr = mi.X
			if w.cells[addr] {
				w.use(st, 0, fills, call) // a map, decoded to
				continue
			}
		}
		if f := w.field(addr); f >= 0 {
			w.use(st, f, w.modelled(call, i, addr.Type()), call)
		} else if m := w.group(addr); m != 0 {
			w.part(st, call, i, m)
		}
	}
}

// callback applies a call of a parameter of the function, which has the object
// as argument i: it does what the functions do that the package passes there.
func (w *walk) callback(st *state, call ssa.CallInstruction, i int) {
	param, ok := call.Common().Value.(*ssa.Parameter)
	if !ok || call.Common().IsInvoke() {
		if !w.hooked(st, call) {
			w.shown(st, call, false)
			w.handed(st, call.Common().Args[i].Type())
		}
		return
	}
	w.shown(st, call, false)
	at := slices.Index(w.fn.Params, param)
	w.lends(*st, call, at, i)
	out, callers := *st, w.calls(w.fn)
	w.handed(&out, call.Common().Args[i].Type())
	for _, c := range callers {
		if at >= len(c.Common().Args) {
			continue
		}
		var fn *ssa.Function
		switch v := c.Common().Args[at].(type) {
		case *ssa.Function:
			fn = v
		case *ssa.MakeClosure:
			fn = v.Fn.(*ssa.Function)
		}
		if fn == nil || len(fn.Blocks) == 0 || i >= len(fn.Params) {
			continue
		}
		next := *st
		w.apply(&next, call, w.summary(fn, fn.Params[i]), nil)
		out.join(next)
	}
	if w.kind == mapVal && w.outside(param) {
		w.observe(st, 0, call)
		return
	}
	*st = out
}

// outside reports whether v is a function that only other packages give: whoever is lent a map there
// looks at it, and does not empty it.
func (w *walk) outside(v ssa.Value) bool {
	param, ok := v.(*ssa.Parameter)
	if !ok || param.Parent().Object() == nil || !param.Parent().Object().Exported() {
		return false
	}
	return len(w.calls(param.Parent())) == 0
}

// calls returns the calls of fn in the package.
func (a *analyzer) calls(fn *ssa.Function) []ssa.CallInstruction {
	if a.callers == nil {
		a.callers = make(map[*ssa.Function][]ssa.CallInstruction)
		for _, caller := range a.prog.Funcs {
			for _, b := range caller.Blocks {
				for _, instr := range b.Instrs {
					call, ok := instr.(ssa.CallInstruction)
					if !ok || call.Common().StaticCallee() == nil {
						continue
					}
					if callee := a.local(call.Common().StaticCallee()); callee != nil {
						a.callers[callee] = append(a.callers[callee], call)
					}
				}
			}
		}
	}
	return a.callers[fn]
}

// part applies a call that has a struct within the object, of slots m, as argument i.
func (w *walk) part(st *state, call ssa.CallInstruction, i int, m Slots) {
	var eff *effect
	callee := call.Common().StaticCallee()
	if callee == nil {
		st.lose(m)
		return
	}
	fn, _ := callee.Object().(*types.Func)
	if local := w.local(callee); local != nil && i < len(local.Params) && !types.IsInterface(local.Params[i].Type()) {
		eff = w.summary(local, local.Params[i])
	} else if f := w.wrapper(fn); f != nil {
		eff = f.effect(i)
	}
	switch {
	case eff != nil && len(eff.puts) == 0:
		w.apply(st, call, eff.shift(m), fn)
	case fn != nil && fn.Signature().Recv() != nil && i == 0 && ResetName(fn.Name()):
		st.reset(m)
	default:
		st.lose(m)
	}
}

// shift returns the effect on an object whose slots m are those of e.
func (e *effect) shift(m Slots) *effect {
	by := bits.TrailingZeros64(uint64(m))
	move := func(s Slots) Slots { return s << by & m }
	moveAt := func(at map[int]token.Pos) map[int]token.Pos {
		moved := make(map[int]token.Pos)
		for i, pos := range at {
			moved[i+by] = pos
		}
		return moved
	}
	setBy := make(map[int]int)
	for i, k := range e.setBy {
		setBy[i+by] = k
	}
	return &effect{
		setBy:    setBy,
		reads:    move(e.reads),
		mayReads: move(e.mayReads),
		exit: state{
			may:    move(e.exit.may) | ^m,
			must:   move(e.exit.must) | ^m,
			dirty:  move(e.exit.dirty),
			clean:  move(e.exit.clean),
			cleans: move(e.exit.cleans),
			full:   move(e.exit.full) | ^m,
			keeps:  move(e.exit.keeps),
		},
		readAt: moveAt(e.readAt),
		dirtAt: moveAt(e.dirtAt),
		keptAt: moveAt(e.keptAt),
	}
}

// use applies a use to slot i.
func (w *walk) use(st *state, i int, u use, call ssa.CallInstruction) {
	switch u {
	case reads:
		w.observe(st, i, call)
	case fills:
		w.observe(st, i, call)
		w.dirt(st, i, call.Pos())
	case resets:
		st.reset(slot(i))
	case drains:
		w.observe(st, i, call)
		st.lose(slot(i))
	case loses:
		st.lose(slot(i))
	}
}

func (w *walk) builtin(st *state, name string, call ssa.CallInstruction) {
	for i, arg := range call.Common().Args {
		if !w.is(arg) {
			continue
		}
		switch {
		case name == "len" && w.kind == mapVal && w.isSet(w.fn, arg):
			w.observe(st, 0, call) // how many this user has seen, and others before
		case name == "len" || name == "cap" || name == "ssa:wrapnilchk":
		case name == "clear" && w.kind == mapVal:
			st.reset(1)
		case name == "append" && i == 0 && w.kind == sliceVal:
			w.observe(st, 0, call)
		default:
			st.lose(all)
		}
	}
}

// object applies a call that has the object itself as argument i.
func (w *walk) object(st *state, call ssa.CallInstruction, i int, arg ssa.Value) {
	c := call.Common()
	callee := c.StaticCallee()
	if callee == nil && c.IsInvoke() {
		if callee = w.only(c); callee != nil {
			i++ // after the receiver
		}
	}
	if callee == nil {
		w.callback(st, call, i)
		return
	}
	fn, _ := callee.Object().(*types.Func)
	if local := w.local(callee); local != nil && i < len(local.Params) && w.followed(local, i) {
		w.apply(st, call, w.resolved(call, w.summary(local, local.Params[i]), concrete(arg)), fn)
		return
	}
	if f := w.wrapper(fn); f != nil {
		if eff := f.effect(i); eff != nil {
			w.apply(st, call, w.resolved(call, eff, concrete(arg)), fn)
			return
		}
	}
	if w.kind == buffer {
		w.use(st, 0, w.modelled(call, i, w.elem), call)
		return
	}
	if w.kind == mapVal && (encodes(fn, i) || lint.IsFunc(fn, "maps", "Copy") && i == 1) {
		w.observe(st, 0, call)
		return
	}
	if w.kind == mapVal && i == 0 {
		switch {
		case lint.IsMethod(fn, "net/url", "Values", "Encode"), lint.IsMethod(fn, "net/http", "Header", "Write", "Clone"):
			w.observe(st, 0, call)
			return
		case lint.IsMethod(fn, "net/url", "Values", "Add", "Set"), lint.IsFunc(fn, "maps", "Copy", "Insert"), lint.IsMethod(fn, "net/http", "Header", "Add", "Set"):
			w.dirt(st, 0, call.Pos())
			return
		}
	}
	if w.kind == fields && fn != nil {
		if decodes(fn, i) && !implements(w.elem, "UnmarshalJSON", "UnmarshalXML", "UnmarshalText") {
			for f, tag := range w.exported() {
				if tag != "-" {
					st.must &^= slot(f)
					w.decoded |= slot(f)
					w.dirt(st, f, call.Pos())
				}
			}
			return
		}
		if encodes(fn, i) && !implements(w.elem, "MarshalJSON", "MarshalXML", "MarshalText") {
			for f, tag := range w.exported() {
				if tag != "-" {
					w.observe(st, f, call)
				}
			}
			return
		}
	}
	w.shown(st, call, true)
	w.handed(st, arg.Type())
}

// handed means that code out of sight has the object as a value of type t. If that is an interface, it may
// call the methods of it, some or none: what these set stays set if nothing in the package ever clears it,
// and what they do not is not set there at all.
func (w *walk) handed(st *state, t types.Type) {
	old := *st
	w.unknown(st)
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || w.kind != fields || iface.Empty() {
		return
	}
	beyond := st.dirty &^ old.dirty
	for m := range iface.Methods() {
		obj, index, _ := types.LookupFieldOrMethod(w.elem, false, m.Pkg(), m.Name())
		fn, ok := obj.(*types.Func)
		if !ok || len(index) != 1 {
			beyond = 0
			continue
		}
		eff, ok := w.declared(fn)
		if !ok {
			beyond = 0
			continue
		}
		for i := range eff.dirtAt {
			beyond &^= slot(i)
		}
		for i, f := range w.slots {
			v := f.Var().Origin()
			if !(eff.exit.dirty & old.may).Has(i) || w.skip.Has(i) || v.Exported() || w.cleared[v] {
				continue
			}
			st.may |= slot(i)
			st.dirty |= slot(i)
			st.clean &^= slot(i)
			if _, ok := w.eff.dirtAt[i]; !ok && w.record {
				w.eff.dirtAt[i] = eff.dirtAt[i]
			}
		}
	}
	st.dirty &^= beyond
}

// followed reports whether it is worth while to follow parameter i of fn: one of
// an interface type must be put back there.
func (w *walk) followed(fn *ssa.Function, i int) bool {
	p := fn.Params[i]
	if !types.IsInterface(p.Type()) {
		return true
	}
	if _, ok := types.Unalias(p.Type()).(*types.TypeParam); ok {
		return true
	}
	eff := w.summary(fn, p)
	return eff != nil && len(eff.puts) > 0
}

// concrete returns the type of the object itself.
func concrete(v ssa.Value) types.Type { return lazyssa.Strip(v).Type() }

// apply applies the effect of a callee.
func (w *walk) apply(st *state, call ssa.CallInstruction, eff *effect, wrapper *types.Func) {
	if eff == nil {
		w.unknown(st)
		return
	}
	before := *st
	for i, pos := range eff.keptAt {
		if _, ok := w.eff.keptAt[i]; !ok && w.record {
			w.eff.keptAt[i] = pos
		}
		if _, ok := w.eff.staleAt[i]; !ok && w.record && before.must.Has(i) && !(before.full | before.keeps | w.filling).Has(i) {
			w.eff.staleAt[i] = pos
		}
	}
	for i := range 64 {
		if eff.reads.Has(i) {
			w.observe(&before, i, call)
		} else if eff.mayReads.Has(i) && before.must.Has(i) {
			w.observeMaybe(i, call)
		}
	}
	for _, p := range eff.puts {
		w.put(before.then(p.state), putEffect{pool: p.pool.at(call), call: call, wrapper: wrapper})
	}
	if w.record {
		for i := range 64 {
			if eff.exit.dirty.Has(i) {
				if _, ok := w.eff.dirtAt[i]; !ok {
					if pos, ok := eff.dirtAt[i]; ok {
						w.eff.dirtAt[i] = pos
					} else {
						w.eff.dirtAt[i] = call.Pos()
					}
				}
			}
		}
		for i, pos := range eff.dirtAt {
			if _, ok := w.eff.dirtAt[i]; !ok {
				w.eff.dirtAt[i] = pos
			}
		}
	}
	*st = before.then(eff.exit)
	st.lose(w.skip)
	for i, k := range eff.setBy {
		args := arguments(call)
		switch {
		case k >= len(args):
		case !eff.exit.may.Has(i) && zero(args[k]):
			st.reset(slot(i))
		case w.own(i, args[k]):
			st.lose(slot(i))
		}
	}
}

// own reports whether v comes from the field of slot i, of this object or another: who puts
// that there again keeps it on purpose. A function literal may have it from around it.
func (w *walk) own(i int, v ssa.Value) bool {
	for {
		switch x := lazyssa.Strip(v).(type) {
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return false
			}
			if fa, ok := x.X.(*ssa.FieldAddr); ok {
				return w.kind == fields && lazyssa.Field(fa).Origin() == w.slots[i].Var().Origin()
			}
			addr := x.X
			if fv, ok := addr.(*ssa.FreeVar); ok {
				addr = lazyssa.Binding(fv)
			}
			if _, ok := addr.(*ssa.Alloc); !ok {
				return false
			}
			stores, ok := lazyssa.StoresTo(addr)
			if !ok || len(stores) != 1 {
				return false
			}
			v = stores[0].Val
		default:
			return false
		}
	}
}

// observeMaybe is a read in a callee that depends on conditions there.
func (w *walk) observeMaybe(i int, call ssa.CallInstruction) {
	if w.record && !(w.skip | w.filling).Has(i) && w.guard(call.Block(), i) != dependent {
		w.eff.mayReads |= slot(i)
		if _, ok := w.eff.readAt[i]; !ok {
			w.eff.readAt[i] = call.Pos()
		}
	}
}

// put records a Put in state st.
func (w *walk) put(st state, p putEffect) {
	if w.record {
		st.lose(w.skip)
		for i, f := range w.slots {
			if pos, ok := w.fed[f.Var().Origin()]; ok && !st.clean.Has(i) {
				w.dirt(&st, i, pos)
			}
			if lists := w.lists(i); lists&^st.clean != 0 {
				st.lose(slot(i)) // what the positions are of stays as well
			}
		}
		st.dirty &^= w.filling
		p.state = st
		w.eff.puts = append(w.eff.puts, p)
		w.retain(st, p)
	}
}

// argument judges a call that has a loaded field value among its arguments.
func (w *walk) argument(call ssa.CallInstruction, v ssa.Value) use {
	c := call.Common()
	if b, ok := c.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "cap":
			return nothing
		case "len":
			if lint.IsBytes(v.Type()) {
				return loses
			}
			return reads
		case "clear":
			return resets
		case "append", "print", "println":
			return reads
		}
		return loses // copy, delete: it is being overwritten, or sorted out
	}
	if c.Value == v {
		if c.IsInvoke() && ResetName(c.Method.Name()) {
			return resets
		}
		return reads
	}
	if i := slices.Index(c.Args, v); i >= 0 {
		if fn, ok := lazyssa.Callee(call).(*types.Func); ok && i == 0 && fn.Signature().Recv() != nil && ResetName(fn.Name()) || isBuffer(lint.Deref(v.Type())) {
			return w.modelled(call, i, v.Type())
		}
	}
	switch {
	case isMap(v) && w.outside(c.Value):
		return reads
	case isMap(v):
		return loses // may well be cleared
	case lint.IsBytes(v.Type()) && isAppend(call, v):
		return reads
	case lint.IsBytes(v.Type()):
		return nothing // scratch space as likely as content; it keeps its length
	}
	return reads
}
