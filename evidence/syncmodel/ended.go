package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// endsUnasked looks for the goroutine whose loop is the only one that receives, and which says at its
// end, by a close, that it has ended: also for an error, of which it tells nobody else. Who sends and
// asks only for what others close waits for them then.
func (m *Model) endsUnasked(c *Class) *Leaver {
	if c.outside&MayRecv != 0 || slices.ContainsFunc(c.makes, func(mk *ssa.MakeChan) bool {
		n, ok := m.Capacity(mk)
		return !ok || n != 0
	}) {
		return nil
	}
	l := &Leaver{Class: c}
	var recvs, sends []*Op
	for _, op := range c.ops {
		switch op.Kind {
		case Recv, Range:
			fn := m.homeOf(op.Fn)
			if l.Fn != nil && fn != l.Fn {
				return nil
			}
			l.Fn = fn
			if op.Fn == fn {
				recvs = append(recvs, op)
			}
		case Send:
			sends = append(sends, op)
		}
	}
	if l.Fn == nil || !m.onlyGoes(l.Fn) || m.restarted(l.Fn) || !slices.ContainsFunc(recvs, m.goesOn) {
		return nil
	}
	over := m.saysOver(l.Fn)
	if l.End = m.failsUnsaid(l.Fn, recvs, sends); l.End == nil || over == nil {
		return nil
	}
	l.Over = over
	for _, op := range sends {
		if op.Select != nil && op.Select.Blocking && m.homeOf(op.Fn) != l.Fn && m.goesOnOnlyBy(op, l.Fn, m.node(over.Call.Args[0])) {
			l.Left = append(l.Left, op)
		}
	}
	if l.Sure = l.Left; len(l.Left) == 0 {
		return nil
	}
	return l
}

// homeOf returns the function that alone calls another one, by way of others perhaps.
func (m *Model) homeOf(fn *ssa.Function) *ssa.Function {
	for range 4 {
		sites := m.sites[fn]
		if len(sites) == 0 || m.taken[fn] || m.named(fn.Object()) || slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
			_, plain := site.(*ssa.Call)
			return !plain || site.Parent() != sites[0].Parent()
		}) {
			break
		}
		fn = sites[0].Parent()
	}
	return fn
}

// failsUnsaid returns a return by which a loop that receives is left for an error that those who send
// do not get to know.
func (m *Model) failsUnsaid(fn *ssa.Function, recvs, sends []*Op) *ssa.Return {
	in := m.loopsOf(fn)
	i := slices.IndexFunc(recvs, func(op *Op) bool { return in[op.Instr.Block()] != nil })
	if i < 0 {
		return nil
	}
	l := in[recvs[i].Instr.Block()].outermost()
	for _, b := range fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !l.body[b] || !aboutError(br.Cond) || byMessage(br.Cond, 6) {
			continue
		}
		for _, to := range b.Succs {
			if !l.body[to] && underError(to) {
				if ret := m.silent(to, sends); ret != nil {
					return ret
				}
			}
		}
	}
	return nil
}

// saysOver returns the close by which a function says at every end that it has ended, or nil.
func (m *Model) saysOver(fn *ssa.Function) *ssa.Defer {
	for _, instr := range fn.Blocks[0].Instrs {
		if d, ok := instr.(*ssa.Defer); ok {
			if kind, ok := callKind(&d.Call); ok && kind == Close {
				return d
			}
		}
	}
	return nil
}

// goesOnOnlyBy reports whether all other cases of the select of a send are ended by others only than a
// function, and what it calls, and by nobody who hears that it is over.
func (m *Model) goesOnOnlyBy(op *Op, fn *ssa.Function, over *Class) bool {
	return over.outside&MayRecv == 0 && !slices.ContainsFunc(op.Select.States, func(st *ssa.SelectState) bool {
		if st.Chan == op.Object {
			return false
		}
		s := m.signal(op.Select, st.Chan, nil)
		if st.Dir != types.RecvOnly || s == nil || s.Chan == nil {
			return true
		}
		c := m.node(s.Chan)
		ends := slices.DeleteFunc(slices.Clone(c.ops), func(op *Op) bool { return op.Kind != Close && op.Kind != Send })
		tells := m.above(ends)
		return c.outside&(MaySend|MayClose) != 0 || tells[fn] || slices.ContainsFunc(fn.AnonFuncs, func(lit *ssa.Function) bool { return tells[lit] }) ||
			slices.ContainsFunc(over.ops, m.wayOut(c, ends, tells).mayFollow)
	})
}

// mayFollow reports whether who hears that something is over may do one of the operations for that: he
// has not done it before, and does not give up a send only.
func (w *wayOut) mayFollow(heard *Op) bool {
	if heard.Kind != Recv && heard.Kind != Range {
		return false
	}
	if heard.Select != nil && slices.ContainsFunc(heard.Select.States, func(st *ssa.SelectState) bool { return st.Dir == types.SendOnly }) {
		return false
	}
	return !slices.ContainsFunc(heard.Fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool { return w.over(instr) && precedes(instr, heard.Instr) })
	})
}
