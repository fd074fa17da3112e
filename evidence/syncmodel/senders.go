package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// senderLeaves looks for the one goroutine that sends to a channel which nobody closes, if what it is told in
// its loop makes it return, and for those who go on to receive: nobody has told them.
func (m *Model) senderLeaves(c *Class) *Leaver {
	if c.outside&(MaySend|MayClose) != 0 || len(c.makes) != 1 || c.Has(Close, Measure) {
		return nil
	}
	l := &Leaver{Class: c}
	var sends []*Op
	for _, op := range c.ops {
		switch op.Kind {
		case Send:
			if l.Fn != nil && l.Fn != op.Fn {
				return nil
			}
			l.Fn = op.Fn
			sends = append(sends, op)
		case Recv, Range:
			if op.Bare() && m.onlyGoes(op.Fn) && m.loopsOf(op.Fn)[op.Instr.Block()] != nil {
				l.Left = append(l.Left, op)
			}
		}
	}
	if l.Fn == nil || !m.onlyGoes(l.Fn) || !m.onlyFor(l.Fn, c.makes[0]) {
		return nil
	}
	l.Left = slices.DeleteFunc(l.Left, func(op *Op) bool { return m.mayTell(op, l.Fn) })
	if len(l.Left) == 0 {
		return nil
	}
	for _, op := range sends {
		if l.End = m.leavesTold(op, sends); l.End != nil {
			break
		}
	}
	if l.End == nil {
		return nil
	}
	for _, op := range l.Left {
		if m.counted(op.Fn) && !m.hears(op, l.Fn) {
			l.Sure = append(l.Sure, op)
		}
	}
	return l
}

// mayTell reports whether the function of a receive, or what it calls or starts, sends or closes what another
// function receives from, which may leave for that.
func (m *Model) mayTell(recv *Op, other *ssa.Function) bool {
	return slices.ContainsFunc(m.order, func(c *Class) bool {
		if c.up != nil || !slices.ContainsFunc(c.ops, func(op *Op) bool { return op.Fn == other && (op.Kind == Recv || op.Kind == Range) }) {
			return false
		}
		return m.above(slices.DeleteFunc(slices.Clone(c.ops), func(op *Op) bool { return op.Kind != Send && op.Kind != Close }))[recv.Fn]
	})
}

// hears reports whether the loop around a receive may be left for what another function has sent or set.
func (m *Model) hears(recv *Op, other *ssa.Function) bool {
	l := m.loopsOf(recv.Fn)[recv.Instr.Block()]
	for b := range l.body {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || l.body[b.Succs[0]] && l.body[b.Succs[1]] {
			continue
		}
		if byMessage(br.Cond, 6) || slices.ContainsFunc(m.reads(br.Cond), func(v any) bool { return m.writesOf(other)[v] }) {
			return true
		}
	}
	return false
}

// leavesTold returns a return by which a message, or an error, makes a function leave the loop around a send,
// in a round in which it has not sent.
func (m *Model) leavesTold(send *Op, sends []*Op) *ssa.Return {
	l := m.loopsOf(send.Fn)[send.Instr.Block()]
	if l == nil {
		return nil
	}
	for _, b := range send.Fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !l.body[b] || !(toldBy(br.Cond) || aboutError(br.Cond)) || l.sentBefore(b, sends) {
			continue
		}
		for _, to := range b.Succs {
			if !l.body[to] {
				if ret := m.wayOut(m.find(m.node(send.Object)), sends, m.above(sends)).find(to, 0); ret != nil {
					return ret
				}
			}
		}
	}
	return nil
}

// toldBy reports whether a condition is about what has been received, and not whether anything has.
func toldBy(cond ssa.Value) bool {
	return byMessage(cond, 6) && !lazyssa.Mentions(cond, 3, func(v ssa.Value) bool {
		x, ok := v.(*ssa.Extract)
		if !ok {
			return false
		}
		_, isSelect := x.Tuple.(*ssa.Select)
		return x.Index == 1 || isSelect && x.Index == 0
	})
}

// sentBefore reports whether one of some operations may be done in a round of the loop that comes to a block.
func (l *loop) sentBefore(b *ssa.BasicBlock, ops []*Op) (found bool) {
	for _, op := range ops {
		if at := op.Instr.Block(); l.body[at] {
			ways(at, 0, func(instr ssa.Instruction) bool {
				found = found || instr.Block() == b
				return !found
			}, func(b *ssa.BasicBlock) []*ssa.BasicBlock {
				return slices.DeleteFunc(slices.Clone(b.Succs), func(to *ssa.BasicBlock) bool { return to == l.header || !l.body[to] })
			})
		}
	}
	return found
}
