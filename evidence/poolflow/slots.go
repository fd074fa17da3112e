package poolflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

func (w *walk) store(st *state, in *ssa.Store) {
	switch m := w.fields(in.Addr); {
	case m != 0:
		for i := range w.slots {
			if m.Has(i) {
				w.storePart(st, i, in)
			}
		}
	case w.is(in.Addr) && w.kind == slicePtr:
		w.assign(st, 0, in)
	case w.is(in.Addr):
		lit := literal(in.Val)
		for i, f := range w.slots {
			if lit != nil {
				w.storeLiteral(st, i, lit, f.path)
			}
		}
		if lit == nil {
			st.reset(all)
		}
	case w.within(in.Addr) != 0:
		st.lose(w.within(in.Addr))
	}
	if w.is(in.Val) != w.cells[in.Addr] {
		st.lose(all) // it gets away, or a new one takes its place
	}
}

// replaced reports whether a new object takes the place of the pooled one on
// the edge between two blocks.
func (w *walk) replaced(b, succ *ssa.BasicBlock) bool {
	for _, instr := range succ.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		if w.is(phi) && !w.is(phi.Edges[slices.Index(succ.Preds, b)]) {
			return true
		}
	}
	return false
}

// assign is a store of a new value to slot i.
func (w *walk) assign(st *state, i int, in *ssa.Store) {
	v := in.Val
	switch {
	case emptied(v):
		w.cut(st, i, in)
	case zero(v), made(v) && !composed(v), empties(v):
		st.reset(slot(i))
	case w.tally(i, in):
		w.dirt(st, i, in.Pos())
	case w.counter(i, in) && !(w.kind == fields && (w.cursor[w.slots[i].Var().Origin()] || w.gains(i, in))):
		// A generation that only grows keeps its value on purpose.
	case w.kind == fields && w.mixes(st, v):
		// So does the state of a generator.
	case neutral(v) && (ResetName(w.fn.Name()) || w.gives()):
		st.reset(slot(i))
	case appended(v):
		if anew(v) {
			st.may &^= slot(i)
			st.must &^= slot(i)
		}
		w.dirt(st, i, in.Pos())
	case w.own(i, v):
		st.lose(slot(i))
	case w.parting(in):
		st.lose(slot(i)) // a note to the next user, on purpose
	case reshaped(v):
		st.lose(slot(i)) // cut to some length, which may be none
	case w.adds(i, v):
		w.dirt(st, i, in.Pos())
	default:
		st.may &^= slot(i)
		st.must &^= slot(i)
		w.dirt(st, i, in.Pos())
		if k := slices.IndexFunc(w.fn.Params, func(p *ssa.Parameter) bool { return p == v }); k >= 0 && w.record {
			w.eff.setBy[i] = k
		}
	}
}

// parting reports whether nothing but the Put follows a store: who writes what
// only the next user can read means it for them.
func (w *walk) parting(in *ssa.Store) bool {
	instrs := in.Block().Instrs
	for _, instr := range instrs[slices.Index(instrs, ssa.Instruction(in))+1:] {
		switch instr := instr.(type) {
		case *ssa.Call:
			if isPoolMethod(&instr.Call, "Put") && w.is(instr.Call.Args[1]) {
				return true
			}
			if w.mentions(instr) {
				return false
			}
		case *ssa.FieldAddr, *ssa.Store, *ssa.MakeInterface:
		default:
			if w.mentions(instr) {
				return false
			}
		}
	}
	return false
}

// reshaped reports whether v is a slice of another one, on some path.
func reshaped(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Slice, *ssa.Phi:
		_, ok := v.Type().Underlying().(*types.Slice)
		return ok
	}
	return false
}

// isGlobal reports whether v is the value of a package variable.
func isGlobal(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	_, ok = load.X.(*ssa.Global)
	return ok
}

// neutral reports whether v is the same for all users.
func neutral(v ssa.Value) bool {
	if call, ok := v.(*ssa.Call); ok {
		_, basic := v.Type().Underlying().(*types.Basic)
		return basic && lazyssa.Callee(call) != nil && len(call.Call.Args) > 0 && !slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool { return !isConst(arg) })
	}
	return isConst(v) || isGlobal(v)
}

// gives reports whether the function walked was given the object, and puts it back.
func (w *walk) gives() bool {
	return w.start == nil && slices.ContainsFunc(w.fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			call, ok := instr.(ssa.CallInstruction)
			return ok && isPoolMethod(call.Common(), "Put") && w.is(call.Common().Args[1])
		})
	})
}

func isConst(v ssa.Value) bool {
	_, ok := lazyssa.Strip(v).(*ssa.Const)
	return ok
}

// dirt notes that this user's data goes into slot i.
func (w *walk) dirt(st *state, i int, pos token.Pos) {
	if w.skip.Has(i) {
		st.lose(slot(i))
		return
	}
	st.dirty |= slot(i)
	st.clean &^= slot(i)
	st.full |= slot(i)
	st.keeps &^= slot(i)
	if _, ok := w.eff.dirtAt[i]; !ok && w.record {
		w.eff.dirtAt[i] = pos
	}
}

// observe notes that the old content of slot i decides what instr does.
func (w *walk) observe(st *state, i int, instr ssa.Instruction) {
	if !w.record || !st.may.Has(i) || (w.skip | w.filling).Has(i) {
		return
	}
	switch w.guard(instr.Block(), i) {
	case always:
		w.eff.reads |= slot(i)
	case sometimes:
		if !st.must.Has(i) {
			return
		}
		w.eff.mayReads |= slot(i)
	case dependent:
		return
	}
	if _, ok := w.eff.readAt[i]; !ok {
		w.eff.readAt[i] = instr.Pos()
	}
}

// load judges a read of slot i by what becomes of the value.
func (w *walk) load(st *state, i int, load *ssa.UnOp) {
	var observed, lost, reset bool
	dirt := token.NoPos
	for _, ref := range *load.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Slice:
			if ref.X != load && w.kind == fields && w.cursor[w.slots[i].Var().Origin()] {
				observed = true
			} else if !emptied(ref) {
				lost = true // the length is the user's own
			}
		case *ssa.Lookup:
			if ref.Index == load || !isMap(load) || w.isSet(w.fn, load) {
				observed = true
			} // else it may be a cache
		case *ssa.IndexAddr:
			if lint.IsBytes(load.Type()) || !onlyLoaded(ref) || zeroedWithin(ref) {
				lost = true
			} else {
				observed = true
			}
		case *ssa.FieldAddr:
			if onlyLoaded(ref) {
				observed = true
			} else {
				lost = true
			}
		case *ssa.Phi:
			if _, basic := load.Type().Underlying().(*types.Basic); basic || lint.IsError(load.Type()) || w.onlyGrows(load, i) {
				observed = true
			} else {
				lost = true
			}
		case *ssa.MakeClosure:
			lost = true
		case *ssa.MapUpdate:
			if ref.Map != load {
				observed = true
			} else if !w.renewsIn(i, ref) {
				dirt = ref.Pos()
			}
		case *ssa.Range:
			if rangeDelete(ref, func(v ssa.Value) bool { return v == load || w.loads(v, i) }) {
				reset = true
			} else {
				observed = true
			}
		case *ssa.Store:
			if ref.Val == load && (w.field(ref.Addr) == i || w.comesBack(ref.Addr)) {
				continue
			}
			if _, local := ref.Addr.(*ssa.Alloc); ref.Addr == load || local && followable(load.Type()) {
				lost = true // written through, or in a captured variable
			} else {
				observed = true
			}
		case *ssa.BinOp:
			if isConst(ref.Y) && (ref.Op == token.ADD || ref.Op == token.SUB) && restored(ref, w, i) {
				continue
			}
			if _, ok := load.Type().Underlying().(*types.Pointer); !ok && !lint.IsError(load.Type()) && (lazyssa.IsNil(ref.Y) || lazyssa.IsNil(ref.X)) {
				continue // says nothing of the content
			}
			observed = true
		case ssa.CallInstruction:
			switch w.argument(ref, load) {
			case reads:
				observed = true
			case fills:
				observed = true
				dirt = ref.Pos()
			case resets:
				reset = true
			case loses:
				lost = true
			}
		default:
			observed = true
		}
	}
	switch {
	case reset:
		st.reset(slot(i))
	case lost:
		st.lose(slot(i))
	case observed:
		w.observe(st, i, load)
	}
	if dirt.IsValid() {
		w.dirt(st, i, dirt)
	}
}

func isMap(v ssa.Value) bool {
	_, ok := v.Type().Underlying().(*types.Map)
	return ok
}

// loads reports whether v is a load of slot i.
func (w *walk) loads(v ssa.Value, i int) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && load.Op == token.MUL && w.field(load.X) == i
}

// restored reports whether all that becomes of a sum is a store to its own slot.
func restored(sum *ssa.BinOp, w *walk, i int) bool {
	for _, ref := range *sum.Referrers() {
		st, ok := ref.(*ssa.Store)
		if !ok || w.field(st.Addr) != i {
			return false
		}
	}
	return true
}

// rangeDelete reports whether a loop over a map deletes all its keys.
func rangeDelete(r *ssa.Range, same func(ssa.Value) bool) bool {
	for _, next := range *r.Referrers() {
		next, ok := next.(*ssa.Next)
		if !ok {
			continue
		}
		for _, ext := range *next.Referrers() {
			ext, ok := ext.(*ssa.Extract)
			if !ok || ext.Index != 1 {
				continue
			}
			for _, use := range *ext.Referrers() {
				if call, ok := use.(*ssa.Call); ok {
					if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "delete" && same(call.Call.Args[0]) {
						return true
					}
				}
			}
		}
	}
	return false
}

// copies judges a read of the object as a whole: code that hands on a copy of
// what was decoded into it hands on what the input did not name as well.
func (w *walk) copies(st *state, load *ssa.UnOp) {
	for _, ref := range *load.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Call, *ssa.Return, *ssa.Send, *ssa.MakeInterface, *ssa.MapUpdate:
		case *ssa.Store:
			if _, local := ref.Addr.(*ssa.Alloc); local || ref.Val != load {
				continue
			}
		default:
			continue
		}
		for i := range w.slots {
			if w.decoded.Has(i) {
				w.observe(st, i, load)
			}
		}
	}
}

// copied judges a read of the slots m as one struct.
func (w *walk) copied(st *state, m Slots, load *ssa.UnOp) {
	for _, ref := range *load.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Field:
			st.lose(m)
			return
		case *ssa.Store:
			if w.fields(ref.Addr) == m {
				return // back to where it came from
			}
		}
	}
	for i := range w.slots {
		if m.Has(i) {
			w.load(st, i, load)
		}
	}
}

// partAddress judges what is done with the address of a struct within the
// object, other than loads, stores, calls and selections.
func (w *walk) partAddress(st *state, m Slots, addr *ssa.FieldAddr) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef, *ssa.FieldAddr, ssa.CallInstruction:
		case *ssa.Store:
			if ref.Addr != addr {
				st.lose(m)
			}
		default:
			st.lose(m)
		}
	}
}

// address judges what is done with the address of slot i, other than loads and stores.
func (w *walk) address(st *state, i int, addr *ssa.FieldAddr) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef, ssa.CallInstruction:
		case *ssa.Store:
			if ref.Addr != addr {
				st.lose(slot(i))
			}
		case *ssa.MakeInterface:
			for _, use := range *ref.Referrers() {
				if _, ok := use.(*ssa.Call); !ok || !isBuffer(lint.Deref(addr.Type())) {
					st.lose(slot(i))
				}
			}
		case *ssa.FieldAddr, *ssa.IndexAddr:
			if w.fields(ref.(ssa.Value)) == 0 && !onlyLoaded(ref.(ssa.Value)) {
				st.lose(slot(i))
			}
		default:
			st.lose(slot(i))
		}
	}
}

// zeroedWithin reports whether something that the slices within the value at addr hold is set to nothing.
func zeroedWithin(addr ssa.Value) bool {
	return slices.ContainsFunc(*addr.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.Store:
			return ref.Addr == addr && zero(ref.Val)
		case *ssa.FieldAddr:
			return zeroedWithin(ref)
		case *ssa.IndexAddr:
			return zeroedWithin(ref)
		case *ssa.UnOp:
			_, ok := ref.Type().Underlying().(*types.Slice)
			return ok && zeroedWithin(ref)
		}
		return false
	})
}

func onlyLoaded(addr ssa.Value) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.FieldAddr, *ssa.IndexAddr:
			if !onlyLoaded(ref.(ssa.Value)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}
