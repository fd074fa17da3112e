package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A Reply is a send to a channel that a function makes for one answer, and of which it
// stops to wait when something else happens first.
type Reply struct {
	Send *Op
	More []*Op // in the same function
	Fn   *ssa.Function
	Ret  *ssa.Return // that Fn leaves by without the answer
	Ends bool        // what happens is the end of a context that Fn is given, or the clock
}

// Replies returns the sends that wait for ever if the one who has asked does not wait, those of a
// function together.
func (m *Model) Replies() (found []*Reply) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || len(c.makes) == 0 || c.outside&MayRecv != 0 || c.Has(Range, Measure, Close) {
			continue
		}
		maker := c.makes[0].Parent()
		fn := m.asker(c, maker)
		var recvs, sends []*Op
		good := !slices.ContainsFunc(c.makes, func(mk *ssa.MakeChan) bool {
			n, ok := m.Capacity(mk)
			return !ok || n != 0 || mk.Parent() != maker
		})
		for _, op := range c.ops {
			switch {
			case op.Kind == Recv:
				good = good && op.Fn == fn && op.Select != nil && op.Select.Blocking && (fn == maker || m.getsFrom(op.Object, maker))
				recvs = append(recvs, op)
			case op.Kind == Send && op.Bare() && !within(op.Fn, fn):
				sends = append(sends, op)
			}
		}
		if !good || len(recvs) == 0 || len(sends) == 0 {
			continue
		}
		if r := m.givesUp(c, fn, recvs); r != nil {
			of := make(map[*ssa.Function]*Reply)
			for _, op := range sends {
				if first := of[op.Fn]; first != nil {
					first.More = append(first.More, op)
					continue
				}
				of[op.Fn] = &Reply{Send: op, Fn: fn, Ret: r.Ret, Ends: r.Ends}
				found = append(found, of[op.Fn])
			}
		}
	}
	return found
}

// asker returns the function that receives the answer: the one which makes the channel, or which gets
// it from there.
func (m *Model) asker(c *Class, maker *ssa.Function) *ssa.Function {
	for _, op := range c.ops {
		if op.Kind == Recv && op.Fn != maker && m.getsFrom(op.Object, maker) {
			return op.Fn
		}
	}
	return maker
}

// getsFrom reports whether a channel is the result of a call of a function that makes a new one each
// time, or a field of a struct that is.
func (m *Model) getsFrom(ch ssa.Value, maker *ssa.Function) bool {
	ch, _ = m.trace(ch, nil)
	field, result := -1, 0
	if fa := lazyssa.FieldLoaded(ch); fa != nil {
		ch, field = fa.X, fa.Field
		if a, ok := ch.(*ssa.Alloc); ok && len(stores(a)) == 1 {
			ch = stores(a)[0].Val
		}
	} else if f, ok := ch.(*ssa.Field); ok {
		ch, field = f.X, f.Field
	}
	ch, _ = m.trace(ch, nil)
	if x, ok := ch.(*ssa.Extract); ok {
		ch, result = x.Tuple, x.Index
	}
	call, ok := ch.(*ssa.Call)
	if !ok || call.Call.StaticCallee() == nil || origin(call.Call.StaticCallee()) != maker {
		return false
	}
	return !slices.ContainsFunc(lazyssa.Returns(maker), func(ret *ssa.Return) bool {
		res := ret.Results[result]
		return ret.Block() != maker.Recover && !lazyssa.IsNil(res) && !m.isNew(res, field)
	})
}

// isNew reports whether a result of a function is a channel that it has made, or a struct that it has,
// with such a channel in a field.
func (m *Model) isNew(res ssa.Value, field int) bool {
	if load, ok := res.(*ssa.UnOp); ok {
		if last := lazyssa.LastStored(load); last != nil {
			res = last
		}
	}
	res, _ = m.trace(res, nil)
	if field < 0 {
		_, made := res.(*ssa.MakeChan)
		return made
	}
	if load, ok := res.(*ssa.UnOp); ok && load.Op == token.MUL {
		res = load.X
	}
	a, ok := res.(*ssa.Alloc)
	return ok && slices.ContainsFunc(*a.Referrers(), func(ref ssa.Instruction) bool {
		fa, ok := ref.(*ssa.FieldAddr)
		return ok && fa.Field == field && slices.ContainsFunc(*fa.Referrers(), func(ref ssa.Instruction) bool {
			st, ok := ref.(*ssa.Store)
			if !ok || st.Addr != fa {
				return false
			}
			_, made := st.Val.(*ssa.MakeChan)
			return made
		})
	})
}

// givesUp looks for a case of a select that receives from the channel after which the
// function returns without another receive.
func (m *Model) givesUp(c *Class, fn *ssa.Function, recvs []*Op) (best *Reply) {
	w := m.wayOut(c, recvs, m.above(recvs))
	for _, op := range recvs {
		for i, st := range op.Select.States {
			if st.Chan == op.Object {
				continue
			}
			from := caseOf(op.Select, i)
			if from == nil {
				continue
			}
			ret := w.find(from.Succs[0], 0)
			if ret == nil {
				continue
			}
			if r := (&Reply{Ret: ret, Ends: m.endsOutside(st, fn)}); best == nil || r.Ends && !best.Ends {
				best = r
			}
		}
	}
	return best
}

// endsOutside reports whether a case of a select is the clock, or the end of a context that
// the function is given: whoever answers need not know of it.
func (m *Model) endsOutside(st *ssa.SelectState, fn *ssa.Function) bool {
	if st.Dir != types.RecvOnly {
		return false
	}
	if external(st.Chan) {
		call, ok := st.Chan.(*ssa.Call)
		if !ok || !call.Call.IsInvoke() {
			return true
		}
		ctx, _ := m.trace(call.Call.Value, nil)
		if x, ok := ctx.(*ssa.Extract); ok { // context.WithTimeout(ctx, d)
			made, ok := x.Tuple.(*ssa.Call)
			return ok && made.Call.StaticCallee() != nil && lint.IsFunc(made.Call.StaticCallee().Object(), "context", "WithTimeout", "WithDeadline", "WithCancel")
		}
		_, param := ctx.(*ssa.Parameter)
		return param
	}
	return false
}

// A Second is a send of an answer behind another one on the same way, though who asks receives
// only one.
type Second struct {
	Send, First *Op
	Fn          *ssa.Function // that asks
}

// Seconds returns the sends of the package that come behind another one to the same channel, which
// was made for one answer.
func (m *Model) Seconds() (found []Second) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside&MayRecv != 0 || !m.asksOnce(c) {
			continue
		}
		for _, op := range c.ops {
			i := slices.IndexFunc(c.ops, func(first *Op) bool { return first != op && m.answersBefore(first, op) })
			if i >= 0 {
				found = append(found, Second{op, c.ops[i], c.makes[0].Parent()})
			}
		}
	}
	return found
}

// asksOnce reports whether the functions that make the channels of a class receive from each of them
// at most once, and nobody else does.
func (m *Model) asksOnce(c *Class) bool {
	recvs := slices.DeleteFunc(slices.Clone(c.ops), func(op *Op) bool { return op.Kind != Recv })
	if len(c.makes) == 0 || len(recvs) == 0 || c.Has(Range, Measure) {
		return false
	}
	makes := make(map[ssa.Instruction]bool)
	for _, mk := range c.makes {
		if n, ok := m.Capacity(mk); !ok || n != 0 {
			return false
		}
		makes[mk] = true
	}
	for _, op := range recvs {
		if !slices.ContainsFunc(c.makes, func(mk *ssa.MakeChan) bool { return mk.Parent() == op.Fn }) {
			return false
		}
		again := false
		ways(op.Instr.Block(), indexIn(op.Instr)+1, func(instr ssa.Instruction) bool {
			again = again || slices.ContainsFunc(recvs, func(op *Op) bool { return op.Instr == instr })
			return !again && !makes[instr]
		}, func(b *ssa.BasicBlock) []*ssa.BasicBlock { return b.Succs })
		if again {
			return false
		}
	}
	return true
}

// answersBefore reports whether a send leads to another one to the same channel whatever happens.
func (m *Model) answersBefore(first, op *Op) bool {
	if first.Kind != Send || op.Kind != Send || !first.Bare() || !op.Bare() || first.Fn != op.Fn || !m.sameThere(first.Object, op.Object) {
		return false
	}
	met, left := false, false
	ways(first.Instr.Block(), indexIn(first.Instr)+1, func(instr ssa.Instruction) bool {
		if instr == op.Instr {
			met = true
			return false
		}
		_, returns := instr.(*ssa.Return)
		for v := first.Object; v != nil && !left; v = derivation(v) {
			at, computed := v.(ssa.Instruction)
			load, ok := v.(*ssa.UnOp)
			left = computed && at == instr && !(ok && load.Op == token.MUL) // another one, from here on
		}
		left = left || returns
		return !left
	}, func(b *ssa.BasicBlock) []*ssa.BasicBlock { return b.Succs })
	return met && !left
}

// sameThere reports whether two values of a function are the same object, or loads of one field of it
// that the function does not set.
func (m *Model) sameThere(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch x := a.(type) {
	case *ssa.UnOp:
		y, ok := b.(*ssa.UnOp)
		v := lazyssa.Variable(x.X)
		return ok && x.Op == token.MUL && y.Op == x.Op && m.sameThere(x.X, y.X) && (v == nil || len(stores(v)) == 1)
	case *ssa.FieldAddr:
		y, ok := b.(*ssa.FieldAddr)
		if !ok || x.Field != y.Field || !m.sameThere(x.X, y.X) {
			return false
		}
		m.indexFields()
		return !slices.ContainsFunc(m.fieldStores[m.fieldOf(x.X.Type(), x.Field)], func(st *ssa.Store) bool { return st.Parent() == x.Parent() })
	case *ssa.Field:
		y, ok := b.(*ssa.Field)
		return ok && x.Field == y.Field && m.sameThere(x.X, y.X)
	}
	return false
}
