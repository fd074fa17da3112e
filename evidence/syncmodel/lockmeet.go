package syncmodel

import (
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// meet compares an acquisition with what is held. It reports whether the way goes on.
func (w *lockWalk) meet(s *lockState, call ssa.CallInstruction, a acquisition) bool {
	if a.lock != nil {
		if h := w.l.home(a.lock); h != nil && s.holds(h) != nil {
			a.lock = h
		}
		if slices.Contains(s.gone, a.lock) {
			a.again = true // as the caller had it
		}
		if a.again {
			w.event(s, call, a)
			if s.holds(a.lock) == nil {
				a.gone = slices.DeleteFunc(slices.Clone(s.gone), func(p *Place) bool { return p == a.lock })
				w.sum.acquire(a, w.l)
			}
			return true
		}
		if slices.Contains(s.unsure, a.lock) {
			w.miss(call, a.lock)
			return true
		}
		if h := s.holds(a.lock); h != nil {
			w.note(call, a, *h)
			return h.Read && a.read || a.weak || a.state || a.given
		}
		w.miss(call, a.lock)
	}
	if w.l.record && !a.again {
		w.perhaps(s, call, a)
	}
	b := a
	b.gone = slices.Clone(s.gone)
	w.sum.acquire(b, w.l)
	w.event(s, call, a)
	return true
}

// event records that a lock is taken while others are held.
func (w *lockWalk) event(s *lockState, call ssa.CallInstruction, a acquisition) {
	if !w.l.record {
		return
	}
	held := slices.DeleteFunc(slices.Clone(s.held), func(h Hold) bool {
		return slices.Contains(a.gone, h.Lock) || a.again && h.Lock == a.lock
	})
	if len(held) == 0 {
		return
	}
	ev := &LockEvent{Fn: w.f, Held: held, Lock: a.lock, Class: a.class, Read: a.read, Chain: a.chain, At: a.at, Weak: a.weak || a.state || a.given, element: a.element}
	for _, h := range ev.Held {
		ev.Guarded = append(ev.Guarded, w.l.m.stateGuarded(call, h.At))
	}
	w.events = append(w.events, ev)
}

func (w *lockWalk) miss(call ssa.Instruction, p *Place) {
	if w.l.record {
		w.l.missing[againKey{call, p}] = true
	}
}

func (w *lockWalk) note(call ssa.CallInstruction, a acquisition, h Hold) {
	if !w.l.record {
		return
	}
	weak := a.weak || a.state && len(a.chain) > 0
	if a.given && (w.l.m.asksConfigured(call) || w.l.m.asksConfigured(h.At)) {
		weak = true // who is made so does not come here, perhaps
	}
	for _, x := range w.again {
		if x.At == a.at && x.Hold.At == h.At && x.Hold.Lock == h.Lock && (len(x.Chain) == 0) == (len(a.chain) == 0) {
			x.Weak = x.Weak && weak
			return
		}
	}
	w.again = append(w.again, &Again{Fn: w.f, Hold: h, Read: a.read, Chain: a.chain, At: a.at, Weak: weak})
}

// doubt orders acquisitions by how sure they are.
func (a *acquisition) doubt() int {
	n := len(a.conds) + len(a.gone)
	if a.given {
		n += 5
	}
	if a.state {
		n += 10
	}
	if a.weak {
		n += 100
	}
	return n
}

// same reports whether two acquisitions are of the same lock in the same way.
func (a *acquisition) same(b *acquisition) bool {
	return a.lock == b.lock && a.class == b.class && a.read == b.read && a.again == b.again
}

// acquire adds to what the function is known to take.
func (s *lockSummary) acquire(a acquisition, l *Locks) {
	if len(s.acquires) >= maxAcquisitions || len(a.chain) > maxChain {
		return
	}
	for i := range s.acquires {
		b := &s.acquires[i]
		if b.same(&a) && b.doubt() <= a.doubt() {
			return
		}
	}
	at := firstOf(a.chain, a.at)
	a.conds = append(slices.Clone(a.conds), guards(at)...)
	a.state = a.state || l.m.changes(at)
	a.given = a.given || l.m.asksConfigured(at)
	for i := range s.acquires {
		b := &s.acquires[i]
		if b.same(&a) {
			if a.doubt() < b.doubt() {
				*b = a
			}
			return
		}
	}
	s.acquires = append(s.acquires, a)
}

// entry is a way into a function that a call leads to.
type entry struct {
	fn        *ssa.Function
	call      ssa.CallInstruction   // in the caller
	chain     []ssa.CallInstruction // calls that lead into fn, call first
	weak      bool                  // it may be to another function
	state     bool                  // happens only while some object is in a certain state
	direct    bool                  // the arguments of call are those of fn
	translate func(*Place) *Place   // names a place of fn in the caller; nil if it has no name there
}

// into is the way into a callee.
func (w *lockWalk) into(call ssa.CallInstruction, fn *ssa.Function, weak bool) *entry {
	return &entry{fn: fn, call: call, chain: []ssa.CallInstruction{call}, weak: weak, direct: true,
		translate: func(p *Place) *Place { return w.l.translate(p, fn, call) }}
}

// acquireAs does what a function does, as far as it takes locks. It reports whether it comes back.
func (w *lockWalk) acquireAs(s *lockState, in *entry) bool {
	sum := w.l.sums[in.fn]
	if sum == nil {
		return true
	}
	for _, a := range sum.acquires {
		b := acquisition{class: a.class, read: a.read, at: a.at, weak: a.weak || in.weak, state: a.state || in.state, given: a.given, again: a.again}
		if a.lock != nil {
			b.lock = in.translate(a.lock)
		}
		if b.lock != nil {
			b.class = b.lock.Class()
		} else if e := w.l.elementIn(a); e.of != nil {
			if of := in.translate(e.of); of != nil {
				b.element = element{of, e.in, e.path}
			}
		}
		for _, p := range a.gone {
			if q := in.translate(p); q != nil {
				b.gone = append(b.gone, q)
			}
		}
		holds := true
		for _, g := range a.conds {
			var v ssa.Value
			if in.direct {
				v = argument(g.param, in.fn, in.call)
			}
			if v == nil {
				b.weak = true
				continue
			}
			switch val, known := w.ask(s, v, g, in.call); {
			case known && val != g.want:
				holds = false
			case known:
			default:
				if p, ok := v.(*ssa.Parameter); ok && p.Parent() == w.f {
					b.conds = append(b.conds, guard{p, g.kind, g.want, g.key})
				}
				b.weak = true
			}
		}
		if !holds {
			continue
		}
		b.chain = slices.Concat(in.chain, a.chain)
		if !w.meet(s, in.call, b) {
			return false
		}
	}
	return true
}

// elementIn returns the element that an acquisition of a callee is of.
func (l *Locks) elementIn(a acquisition) element {
	if a.lock != nil {
		return l.asElement(a.lock)
	}
	return a.element
}

func (w *lockWalk) ask(s *lockState, v ssa.Value, g guard, call ssa.CallInstruction) (val, known bool) {
	switch g.kind {
	case 'b':
		return w.truth(s, v)
	case 'k':
		made, ok := v.(*ssa.MakeMap)
		set := func(in ssa.Instruction) bool {
			up, ok := in.(*ssa.MapUpdate)
			return ok && keyOf(up.Key) == g.key && lazyssa.Before(up, call)
		}
		if !ok || !slices.ContainsFunc(*made.Referrers(), set) {
			return false, false
		}
		return true, true
	}
	return w.isNil(s, v)
}

// keyOf returns the text of a constant key of a map, or "".
func keyOf(v ssa.Value) string {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil {
		return c.Value.ExactString()
	}
	return ""
}

// argument returns what a call passes for a parameter.
func argument(p *ssa.Parameter, fn *ssa.Function, call ssa.CallInstruction) ssa.Value {
	i := slices.Index(fn.Params, p)
	args := arguments(call, fn)
	if i < 0 || len(args) != len(fn.Params) {
		return nil
	}
	return args[i]
}

// arguments returns what a call passes to a callee, its receiver first.
func arguments(call ssa.CallInstruction, fn *ssa.Function) []ssa.Value {
	c := call.Common()
	switch {
	case c.IsInvoke():
		return append([]ssa.Value{c.Value}, c.Args...)
	case formats(c):
		for _, x := range formatted(c) {
			if recv := fn.Signature.Recv(); recv != nil && types.Identical(recv.Type(), x.Type()) {
				return []ssa.Value{x}
			}
		}
		return nil
	}
	return c.Args
}

// guards returns the conditions on parameters under which an instruction is reached.
func guards(at ssa.Instruction) (gs []guard) {
	b := at.Block()
	for d := b.Idom(); d != nil; b, d = d, d.Idom() {
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		side := -1
		for i, to := range d.Succs {
			if len(to.Preds) == 1 && to.Dominates(b) {
				side = i
			}
		}
		if side < 0 {
			continue
		}
		v, want := br.Cond, side == 0
		for {
			u, ok := v.(*ssa.UnOp)
			if !ok || u.Op.String() != "!" {
				break
			}
			v, want = u.X, !want
		}
		if x, ok := v.(*ssa.Extract); ok && x.Index == 1 {
			if look, ok := x.Tuple.(*ssa.Lookup); ok && keyOf(look.Index) != "" {
				if p, ok := look.X.(*ssa.Parameter); ok {
					gs = append(gs, guard{p, 'k', want, keyOf(look.Index)})
				}
			}
			continue
		}
		kind := byte('b')
		if op, ok := v.(*ssa.BinOp); ok {
			c, isConst := op.Y.(*ssa.Const)
			if !isConst {
				continue
			}
			switch op.Op.String() {
			case "!=":
				want = !want
			case "==":
			default:
				continue
			}
			switch {
			case c.IsNil():
				kind = 'n'
			case c.Value != nil && c.Value.Kind() == constant.Bool:
				want = want == constant.BoolVal(c.Value)
			default:
				continue
			}
			v = op.X
		}
		if p, ok := v.(*ssa.Parameter); ok && (kind == 'n' || lint.IsBool(p.Type())) {
			gs = append(gs, guard{p, kind, want, ""})
		}
	}
	return gs
}
