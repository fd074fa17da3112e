package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// orderTooLate looks for the goroutine of a loop that is told to end by a message without a buffer, if
// it may have ended by itself, for an error that it met with, when somebody tells it.
func (m *Model) orderTooLate(c *Class) *Leaver {
	if c.outside&MayRecv != 0 || c.Has(Range, Close, Measure) {
		return nil
	}
	for _, mk := range c.makes {
		if n, ok := m.Capacity(mk); !ok || n != 0 {
			return nil
		}
	}
	l := &Leaver{Class: c}
	var recvs []*Op
	for _, op := range c.ops {
		switch {
		case op.Kind == Recv:
			if op.Select == nil || m.goesOn(op) || l.Fn != nil && l.Fn != op.Fn {
				return nil
			}
			l.Fn = op.Fn
			recvs = append(recvs, op)
		case op.Kind == Send && op.Bare():
			l.Left = append(l.Left, op)
		case op.Kind == Send:
			return nil // somebody knows that it may have ended
		}
	}
	if l.Fn == nil || !m.onlyGoes(l.Fn) || m.restarted(l.Fn) {
		return nil
	}
	var sure bool
	if l.End, sure = m.endsItself(recvs); l.End == nil {
		return nil
	}
	l.Left = slices.DeleteFunc(l.Left, func(op *Op) bool { return op.Fn == l.Fn || !m.unasked(op.Instr) })
	for _, op := range l.Left {
		if used := m.named(op.Fn.Object()) || len(m.sites[op.Fn]) > 0; sure && used && op.Fn.Parent() == nil && !m.keptFrom(op.Fn, 3) && !m.sees(op, l.Fn) {
			l.Sure = append(l.Sure, op)
		}
	}
	if len(l.Left) == 0 {
		return nil
	}
	return l
}

// unasked reports whether no condition decides if an instruction is come to, other than that a loop
// before it has ended, or that the program goes on.
func (m *Model) unasked(at ssa.Instruction) bool {
	loops := m.loopsOf(at.Parent())
	for b := at.Block(); b.Idom() != nil; b = b.Idom() {
		br, ok := b.Idom().Instrs[len(b.Idom().Instrs)-1].(*ssa.If)
		if !ok || len(b.Preds) != 1 {
			continue
		}
		if l := loops[br.Block()]; l != nil && !l.body[b] {
			continue
		}
		other := br.Block().Succs[0]
		if other == b {
			other = br.Block().Succs[1]
		}
		if wayOutOf(other, b) != nil {
			return false
		}
	}
	return true
}

// keptFrom reports whether a condition decides somewhere in the package if a function is called: who
// calls it may know whether it still can.
func (m *Model) keptFrom(fn *ssa.Function, up int) bool {
	return m.taken[fn] || slices.ContainsFunc(m.sites[fn], func(site ssa.CallInstruction) bool {
		return !m.tests.Has(site.Pos()) && (!m.unasked(site) || up > 0 && m.keptFrom(site.Parent(), up-1))
	})
}

// endsItself returns a return by which the loop around some receives is left for an error that it met
// with, and no receive is come to any more; quiet tells that nobody is told but by a close on the way.
func (m *Model) endsItself(recvs []*Op) (end *ssa.Return, quiet bool) {
	fn := recvs[0].Fn
	loops := m.loopsOf(fn)
	l := loops[recvs[0].Instr.Block()]
	if l == nil {
		return nil, false
	}
	for _, b := range fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || loops[b] != l || !aboutError(br.Cond) || !metWith(br.Cond.(*ssa.BinOp).X, recvs[0]) {
			continue
		}
		for _, to := range b.Succs {
			if !underError(to) {
				continue
			}
			var found *ssa.Return
			silent := true
			ways(to, 0, func(instr ssa.Instruction) bool {
				if ret, ok := instr.(*ssa.Return); ok {
					found = ret
				}
				silent = silent && m.saysNothing(instr)
				return !slices.ContainsFunc(recvs, func(op *Op) bool { return op.Instr == instr })
			}, func(b *ssa.BasicBlock) []*ssa.BasicBlock {
				return slices.DeleteFunc(slices.Clone(b.Succs), func(to *ssa.BasicBlock) bool { return to == l.header })
			})
			if found != nil && (end == nil || silent && !quiet) {
				end, quiet = found, silent
			}
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok {
				quiet = quiet && m.saysNothing(d)
			}
		}
	}
	return end, quiet
}

// saysNothing reports whether an instruction, on the way to the end of a goroutine, calls nothing of the
// package and sends nothing: whoever is told by that may keep others from telling the goroutine to end.
func (m *Model) saysNothing(instr ssa.Instruction) bool {
	switch v := instr.(type) {
	case *ssa.Send, *ssa.Select, *ssa.MapUpdate, *ssa.Go:
		return false
	case ssa.CallInstruction:
		c := v.Common()
		if _, ok := c.Value.(*ssa.Builtin); ok {
			return true
		}
		if fn := c.StaticCallee(); fn != nil {
			return !m.inside(fn) && !slices.ContainsFunc(c.Args, func(arg ssa.Value) bool { return len(m.node(arg).funcs) > 0 })
		}
		return c.IsInvoke() && len(m.dynamic(v)) == 0 && (c.Method.Name() == "Close" || lint.IsError(c.Value.Type()))
	}
	return true
}

// sees reports whether those who send, or call the one who does, look at anything that the goroutine of a
// loop sets.
func (m *Model) sees(op *Op, loop *ssa.Function) bool {
	for _, b := range loop.Blocks {
		for _, instr := range b.Instrs {
			if st, ok := instr.(*ssa.Store); ok && isMemory(st.Addr) && m.looksAt(st.Addr, []*Op{op}) {
				return true
			}
		}
	}
	return false
}
