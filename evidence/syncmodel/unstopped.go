package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// An Unstopped is a goroutine that sends to a function for as long as that has not closed the channel by which it
// tells the goroutine to stop, as it does not on one of its ways to return.
type Unstopped struct {
	Send  *Op
	Told  *Op         // the other case of its select
	Close *Op         // on other ways
	Ret   *ssa.Return // without it
	Start ssa.Instruction
}

// Unstopped returns such goroutines, of functions that make the channel and close it themselves.
func (m *Model) Unstopped() (found []*Unstopped) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside != 0 || len(c.makes) != 1 || c.Has(Send, Range, Measure) || !c.Has(Close) || inCycle(c.makes[0].Block()) {
			continue
		}
		fn := c.makes[0].Parent()
		var closes []*Op
		for _, op := range c.ops {
			if op.Kind == Close {
				closes = append(closes, op)
			}
		}
		if fns := functions(closes); len(fns) != 1 || fns[0] != fn || slices.ContainsFunc(closes, func(op *Op) bool { return remembered(op.Instr) }) {
			continue
		}
		for _, op := range c.ops {
			if u := m.unstopped(c, fn, op, closes); u != nil {
				found = append(found, u)
				break
			}
		}
	}
	return found
}

// unstopped looks at one who is told to stop while it sends.
func (m *Model) unstopped(c *Class, fn *ssa.Function, told *Op, closes []*Op) *Unstopped {
	send := m.sendsUntil(told, fn)
	if send == nil {
		return nil
	}
	goroutine := told.Fn
	for isYield(goroutine) {
		goroutine = goroutine.Parent()
	}
	start := m.startUnder(fn, goroutine)
	if start == nil || slices.ContainsFunc(closes, func(op *Op) bool { return precedes(op.Instr, start) }) {
		return nil
	}
	ret := m.wayOut(c, closes, m.above(closes)).find(start.Block(), indexIn(start)+1)
	if ret == nil {
		return nil
	}
	return &Unstopped{send, told, closes[0], ret, start}
}

// sendsUntil returns the send of a select with two cases, in a loop, of which the other one is told and leaves the
// loop, if nobody receives but a function and what it calls, one at a time.
func (m *Model) sendsUntil(told *Op, fn *ssa.Function) *Op {
	if told.Kind != Recv || told.Fn == fn || told.Select == nil || !told.Select.Blocking || len(told.Select.States) != 2 {
		return nil
	}
	sel := told.Select
	if m.loopsOf(told.Fn)[sel.Block()] == nil && !isYield(told.Fn) {
		return nil
	}
	var send *Op
	for i, st := range sel.States {
		switch from := caseOf(sel, i); {
		case st.Dir == types.SendOnly:
			d := m.node(st.Chan)
			if d.outside&MayRecv != 0 || !m.sized(d) || d.Has(Range, Measure) || slices.ContainsFunc(d.ops, func(op *Op) bool { return op.Kind == Recv && !m.onlyUnder(op.Fn, fn, 3) }) {
				return nil
			}
			j := slices.IndexFunc(d.ops, func(op *Op) bool { return op.Select == sel })
			send = d.ops[j]
		case from == nil:
			return nil
		default:
			if ret, ok := onward(from.Succs[0]).(*ssa.Return); !ok || goesRound(ret) {
				return nil
			}
		}
	}
	return send
}

// sized reports whether the channels of a class have a fixed size: who gives them one by the number of what is
// sent to them may have made room for all.
func (m *Model) sized(c *Class) bool {
	return len(c.makes) > 0 && !slices.ContainsFunc(c.makes, func(mk *ssa.MakeChan) bool { _, known := m.Capacity(mk); return !known })
}

// onlyUnder reports whether a function is another one, or is called by that alone, by way of others perhaps.
func (m *Model) onlyUnder(fn, top *ssa.Function, depth int) bool {
	if fn == top {
		return true
	}
	sites := m.sites[fn]
	return depth > 0 && len(sites) > 0 && !m.taken[fn] && !m.named(fn.Object()) && !slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		_, plain := site.(*ssa.Call)
		return !plain || !m.onlyUnder(site.Parent(), top, depth-1)
	})
}

// startUnder returns the instruction by which a function starts the goroutine of another, itself or by a call of
// a function that does not fail.
func (m *Model) startUnder(fn, goroutine *ssa.Function) ssa.Instruction {
	if start := m.startIn(fn, goroutine); start != nil {
		return start
	}
	for _, site := range m.sites[goroutine] {
		for _, call := range m.sites[site.Parent()] {
			results := call.Common().Signature().Results()
			fails := results.Len() > 0 && lint.IsError(results.At(results.Len()-1).Type())
			if _, plain := call.(*ssa.Call); plain && call.Parent() == fn && !fails && m.startIn(site.Parent(), goroutine) != nil {
				return call
			}
		}
	}
	return nil
}
