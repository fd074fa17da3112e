package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// LostSlots returns the functions that may return without having given back what they
// have taken from a semaphore: a channel with a buffer to which a token is sent by who
// wants a place, and from which it is received when the place is free again.
func (m *Model) LostSlots() (found []*Skipped) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside != 0 || len(c.makes) == 0 {
			continue
		}
		s := &semaphore{m: m, c: c, only: make(map[*ssa.Function]bool)}
		if !s.is() {
			continue
		}
		s.gives = m.above(s.recvs)
		for _, op := range s.sends {
			if s.takesAll(op) || op.Select != nil && !op.Select.Blocking { // who gets no place goes on without
				continue
			}
			if x := s.handedOn(op); x != nil {
				found = append(found, x)
				continue
			}
			found = append(found, s.lost(op)...)
		}
	}
	return found
}

// takesAll reports whether an operation takes, in a loop, as many places as there are: it waits
// for all who have one, and the semaphore is not used any more.
func (s *semaphore) takesAll(op *Op) bool {
	return inCycle(op.Instr.Block()) && slices.ContainsFunc(s.c.ops, func(o *Op) bool { return o.Kind == Measure && o.Fn == op.Fn })
}

type semaphore struct {
	m            *Model
	c            *Class
	sends, recvs []*Op
	gives        map[*ssa.Function]bool // lead to a receive
	only         map[*ssa.Function]bool // give back what others have taken
}

// is reports whether the channel is a semaphore, and everybody who gives back a place has
// taken it, or is called by who has.
func (s *semaphore) is() bool {
	for _, mk := range s.c.makes {
		if n, ok := s.m.Capacity(mk); ok && n == 0 {
			return false
		}
	}
	for _, op := range s.c.ops {
		switch op.Kind {
		case Send:
			if !isToken(op) {
				return false
			}
			s.sends = append(s.sends, op)
		case Recv:
			if !op.Bare() || len(*op.Instr.(*ssa.UnOp).Referrers()) > 0 {
				return false
			}
			s.recvs = append(s.recvs, op)
		case Measure:
		default:
			return false
		}
	}
	if len(s.sends) == 0 || len(s.recvs) == 0 {
		return false
	}
	takes := make(map[*ssa.Function]bool) // functions that take a place, themselves or by a call
	for _, op := range s.sends {
		takes[lazyssa.Outermost(op.Fn)] = true
		for _, site := range s.m.sites[op.Fn] {
			takes[lazyssa.Outermost(site.Parent())] = true
		}
	}
	for _, fn := range functions(s.recvs) {
		o := lazyssa.Outermost(fn)
		if !takes[o] && !s.calledBy(o, takes) {
			return false
		}
		s.only[fn] = !takes[o]
	}
	return true
}

// calledBy reports whether a function is called by some others only.
func (s *semaphore) calledBy(fn *ssa.Function, by map[*ssa.Function]bool) bool {
	sites := s.m.sites[fn]
	return len(sites) > 0 && !s.m.named(fn.Object()) && !s.m.taken[fn] &&
		!slices.ContainsFunc(sites, func(call ssa.CallInstruction) bool { return !by[lazyssa.Outermost(call.Parent())] })
}

// isToken reports whether what is sent says nothing.
func isToken(op *Op) bool {
	var x ssa.Value
	switch v := op.Instr.(type) {
	case *ssa.Send:
		x = v.X
	case *ssa.Select:
		for _, st := range v.States {
			if st.Chan == op.Object && st.Dir == types.SendOnly {
				x = st.Send
			}
		}
	}
	if _, ok := x.(*ssa.Const); ok {
		return true
	}
	st, ok := lint.Chan(op.Object.Type()).Elem().Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// lost looks for a way on from where a place is taken on which it is not given back, if
// there is another on which it is.
func (s *semaphore) lost(op *Op) (found []*Skipped) {
	at := op.Instr
	if s.gives[op.Fn] { // it gives back, too
		if s.handsOver(op.Fn) {
			return nil
		}
		b, i := at.Block(), indexIn(at)+1
		var prev *ssa.BasicBlock
		if sel, ok := at.(*ssa.Select); ok {
			for j, st := range sel.States {
				if st.Chan != op.Object {
					continue
				}
				from := caseOf(sel, j)
				if from == nil {
					return nil
				}
				prev, b, i = from, from.Succs[0], 0
			}
		}
		return s.from(op, at, prev, b, i)
	}
	if s.m.taken[op.Fn] || op.Select != nil {
		return nil
	}
	for _, site := range s.m.sites[op.Fn] {
		call, ok := site.(*ssa.Call)
		if !ok || !s.gives[call.Parent()] || s.handsOver(call.Parent()) || len(*call.Referrers()) > 0 {
			continue
		}
		found = append(found, s.from(op, call, nil, call.Block(), indexIn(call)+1)...)
	}
	return found
}

// handsOver reports whether a caller of fn gives back what fn has taken.
func (s *semaphore) handsOver(fn *ssa.Function) bool {
	return s.m.named(fn.Object()) && fn.Signature.Results().Len() > 0 && resultCarries(fn) ||
		slices.ContainsFunc(s.m.sites[fn], func(call ssa.CallInstruction) bool { return s.gives[call.Parent()] && s.givesBeside(call) })
}

// resultCarries reports whether a function returns a function, as one that gives back.
func resultCarries(fn *ssa.Function) bool {
	for r := range fn.Signature.Results().Variables() {
		if _, ok := r.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// givesBeside reports whether the function of a call gives back by something else than the call.
func (s *semaphore) givesBeside(call ssa.CallInstruction) bool {
	w := s.m.wayOut(s.c, s.recvs, s.only)
	for _, b := range call.Parent().Blocks {
		if slices.ContainsFunc(b.Instrs, w.over) {
			return true
		}
	}
	return false
}

// from looks for a way on from instruction i of a block that is come to from another, which may be
// nil if it is the one where the place is taken.
func (s *semaphore) from(op *Op, at ssa.Instruction, prev, b *ssa.BasicBlock, i int) []*Skipped {
	w := s.m.wayOut(s.c, s.recvs, s.gives)
	w.assume(b)
	w.enter(prev, b)
	if s.own(at) {
		w.to, w.wary = at, true // a return is the end of the semaphore, too
	}
	ret := w.find(b, i)
	if w.to != nil {
		ret = nil
	}
	if !w.met || ret == nil && !w.came {
		return nil
	}
	return []*Skipped{{Fn: at.Parent(), Op: op, From: at, Ret: ret, Sure: true}}
}

// own reports whether a semaphore ends with the function that takes a place, the only one to do so:
// it is made by that, or belongs to the object that it is the goroutine of.
func (s *semaphore) own(at ssa.Instruction) bool {
	fn := at.Parent()
	if !slices.ContainsFunc(s.sends, func(op *Op) bool { return op.Fn != fn }) &&
		!slices.ContainsFunc(s.c.makes, func(mk *ssa.MakeChan) bool { return mk.Parent() != fn }) {
		return true
	}
	if fn.Signature.Recv() == nil || len(s.m.sites[fn]) != 1 || !s.m.onlyGoes(fn) || inCycle(s.m.sites[fn][0].Block()) {
		return false
	}
	owner, f := s.placeOf(at)
	return f != nil && owner == fn.Params[0] && !slices.ContainsFunc(s.sends, func(op *Op) bool {
		return op.Fn != fn && (len(s.m.sites[op.Fn]) == 0 || s.m.taken[op.Fn] ||
			slices.ContainsFunc(s.m.sites[op.Fn], func(call ssa.CallInstruction) bool {
				_, g := s.placeOf(call)
				return g == nil || g == f && call.Parent() != fn
			}))
	})
}

// placeOf returns the object, and its field, that has the semaphore of a send or of the call of
// a method that sends.
func (s *semaphore) placeOf(at ssa.Instruction) (ssa.Value, *types.Var) {
	var ch ssa.Value
	switch v := at.(type) {
	case *ssa.Send:
		ch = v.Chan
	case ssa.CallInstruction:
		if len(v.Common().Args) > 0 {
			ch = v.Common().Args[0]
		}
	}
	if ch == nil {
		return nil, nil
	}
	return s.m.fieldIn(ch, &activation{fn: at.Parent()}, at.Parent())
}

// handedOn looks for a goroutine that is started with the place, and that may return without
// having given it back, though nobody else does.
func (s *semaphore) handedOn(op *Op) *Skipped {
	for _, b := range op.Fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || !precedes(op.Instr, instr) {
				continue
			}
			act := s.m.startedBy(call, &activation{fn: op.Fn})
			if act == nil || act.fn == op.Fn ||
				slices.ContainsFunc(s.recvs, func(o *Op) bool { return !within(o.Fn, act.fn) }) ||
				slices.ContainsFunc(s.sends, func(o *Op) bool { return within(o.Fn, act.fn) }) {
				continue
			}
			w := s.m.wayOut(s.c, s.recvs, s.gives)
			if ret := w.find(act.fn.Blocks[0], 0); ret != nil && w.met {
				return &Skipped{Fn: act.fn, Op: s.recvs[0], From: op.Instr, Ret: ret, Sure: true}
			}
		}
	}
	return nil
}
