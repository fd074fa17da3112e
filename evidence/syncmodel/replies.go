package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

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
		fn := c.makes[0].Parent()
		var recvs, sends []*Op
		good := !slices.ContainsFunc(c.makes, func(mk *ssa.MakeChan) bool {
			n, ok := m.Capacity(mk)
			return !ok || n != 0 || mk.Parent() != fn
		})
		for _, op := range c.ops {
			switch {
			case op.Kind == Recv:
				good = good && op.Fn == fn && op.Select != nil && op.Select.Blocking
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
