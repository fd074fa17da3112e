package resource

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// sent follows a resource that is sent on a channel to where it is received, if that is known: a variable
// of a function, which it and its literals alone send to and receive from. It returns a path that
// loses it there, or nil.
func (w *walk) sent(in *ssa.Send, st *state) *Loss {
	c := st.of(in.X)
	load, ok := in.Chan.(*ssa.UnOp)
	if !ok || w.th.sent || w.acq.Kind != Body && w.acq.Kind != File || c != itself && c != holder || !without(in.X, st) || w.usedAfter(in, st) || cancels(w.fn) {
		return nil
	}
	cell := lazyssa.Variable(load.X)
	if cell == nil {
		return nil
	}
	if stores, ok := lazyssa.StoresTo(cell); !ok || len(stores) != 1 {
		return nil
	}
	receives, ok := receivesFrom(cell)
	if !ok {
		return nil
	}
	for _, r := range receives {
		if r.value == nil || r.instr.Parent() == w.fn || cancels(r.instr.Parent()) {
			return nil
		}
	}
	for _, r := range receives {
		if loss := w.receive(r, c); loss != nil {
			loss.Sent = true
			return loss
		}
	}
	return nil
}

// without reports whether what is sent tells of no error beside the resource: whoever finds one has
// nothing to release.
func without(v ssa.Value, st *state) bool {
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	base, ok := v.(*ssa.Alloc)
	if !ok {
		return true // it is sent alone
	}
	for _, ref := range *base.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if !ok || !lint.IsError(lint.Deref(fa.Type())) {
			continue
		}
		for _, use := range *fa.Referrers() {
			if store, ok := use.(*ssa.Store); ok && st.of(store.Val) != isNil {
				return false
			}
		}
	}
	return true
}

// usedAfter reports whether the function does something with the resource after it has sent it, before it
// acquires the next one: it may wait until the other one is done, and release it itself.
func (w *walk) usedAfter(in *ssa.Send, st *state) bool {
	uses := func(instrs []ssa.Instruction) (used, stop bool) {
		for _, instr := range instrs {
			if instr == w.start {
				return false, true
			}
			if _, ok := instr.(*ssa.DebugRef); !ok && slices.ContainsFunc(instr.Operands(nil), func(op *ssa.Value) bool {
				return *op != nil && (st.of(*op).about() || st.cells[*op].about())
			}) {
				return true, true
			}
		}
		return false, false
	}
	b := in.Block()
	used, stop := uses(b.Instrs[slices.Index(b.Instrs, ssa.Instruction(in))+1:])
	if stop {
		return used
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := slices.Clone(b.Succs)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		used, stop := uses(b.Instrs)
		if used {
			return true
		}
		if !stop {
			work = append(work, b.Succs...)
		}
	}
	return false
}

// A receipt is an instruction that may receive the resource.
type receipt struct {
	instr  ssa.Instruction
	value  ssa.Value // that is the resource then; nil if it is dropped
	ok     ssa.Value // that is true then, or nil
	chosen ssa.Value // that is the number of the clause of a select statement, or nil
	clause int64
}

// receivesFrom returns what receives from the channel in a variable. It reports whether nothing else is done
// with it but to send to it and to close it.
func receivesFrom(addr ssa.Value) (list []receipt, ok bool) {
	for _, ref := range *addr.Referrers() {
		var more []receipt
		switch ref := ref.(type) {
		case *ssa.Store, *ssa.DebugRef:
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == addr {
					if more, ok = receivesFrom(ref.Fn.(*ssa.Function).FreeVars[i]); !ok {
						return nil, false
					}
				}
			}
		case *ssa.UnOp:
			if more, ok = receipts(ref); !ok {
				return nil, false
			}
		default:
			return nil, false
		}
		list = append(list, more...)
	}
	return list, true
}

// receipts does the same for a channel that has been loaded from the variable.
func receipts(ch *ssa.UnOp) (list []receipt, ok bool) {
	for _, use := range *ch.Referrers() {
		switch use := use.(type) {
		case *ssa.DebugRef:
		case *ssa.Send:
			if use.X == ssa.Value(ch) {
				return nil, false
			}
		case *ssa.UnOp: // a receive
			list = append(list, receiptOf(use))
		case *ssa.Select:
			more, ok := selected(use, ch)
			if !ok {
				return nil, false
			}
			list = append(list, more...)
		case ssa.CallInstruction:
			if _, ok := use.Common().Value.(*ssa.Builtin); !ok {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return list, true
}

func receiptOf(in *ssa.UnOp) receipt {
	if !in.CommaOk {
		return receipt{instr: in, value: in}
	}
	r := receipt{instr: in}
	for _, ref := range *in.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok {
			if x.Index == 0 {
				r.value = x
			} else {
				r.ok = x
			}
		}
	}
	return r
}

// selected returns the clauses of a select statement that receive from a channel. It reports whether none
// sends the channel itself.
func selected(sel *ssa.Select, ch ssa.Value) (list []receipt, ok bool) {
	received := 0
	for i, s := range sel.States {
		if s.Send == ch {
			return nil, false
		}
		if s.Send != nil {
			continue
		}
		if s.Chan == ch {
			r := receipt{instr: sel, clause: int64(i)}
			for _, ref := range *sel.Referrers() {
				if x, ok := ref.(*ssa.Extract); ok {
					switch x.Index {
					case 0:
						r.chosen = x
					case 1:
						r.ok = x
					case 2 + received:
						r.value = x
					}
				}
			}
			list = append(list, r)
		}
		received++
	}
	return list, true
}

// cancels reports whether a function, or one around it, makes a context that it ends: requests that go by it
// end then, whatever becomes of their bodies.
func cancels(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		for _, b := range fn.Blocks {
			if slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
				call, ok := instr.(*ssa.Call)
				return ok && lint.IsCancelable(lazyssa.Callee(call))
			}) {
				return true
			}
		}
	}
	return false
}

// receive follows the resource from where it is received.
func (w *walk) receive(r receipt, c class) *Loss {
	acq := w.acq
	acq.value, acq.Holds = r.value, c == holder
	next := w.analyzer.begun(r.instr.Parent(), w.call, r.instr, acq)
	next.th.sent = true
	st := newState()
	next.begin(st)
	if r.ok != nil {
		st.vals[r.ok] = isTrue
	}
	if r.chosen != nil {
		for _, ref := range *r.chosen.Referrers() {
			cmp, ok := ref.(*ssa.BinOp)
			if !ok || cmp.Op != token.EQL {
				continue
			}
			if k, ok := cmp.Y.(*ssa.Const); ok {
				key, _ := condition(cmp)
				st.facts[key] = k.Int64() == r.clause
			}
		}
	}
	b := r.instr.Block()
	next.block(b, slices.Index(b.Instrs, r.instr)+1, st)
	if w.fuel <= 0 || len(next.visited) > maxStates {
		return nil
	}
	return next.q.Lost
}
