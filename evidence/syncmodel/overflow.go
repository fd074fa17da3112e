package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Overflows returns operations that wait for ever once a buffer is full: those who
// receive from the channel, if any, do not wait for it.
func (m *Model) Overflows() (ops []*Op) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || len(c.makes) == 0 || c.outside&MayRecv != 0 || c.Has(Range) {
			continue
		}
		room, known := int64(-1), true
		for _, mk := range c.makes {
			n, ok := m.Capacity(mk)
			room, known = max(room, n), known && ok && n > 0
		}
		drained := make(map[*ssa.Function]bool) // by whom
		var sends []*Op
		for _, op := range c.ops {
			switch op.Kind {
			case Recv:
				known = known && op.Select != nil && !op.Select.Blocking
				drained[op.Fn] = true
			case Close:
				known = false
			case Send:
				if op.Bare() {
					sends = append(sends, op)
				}
			}
		}
		if !known {
			continue
		}
		for _, op := range sends {
			often := m.loopsOf(op.Fn)[op.Instr.Block()] != nil || int64(len(sends)) > room || m.callsOf(op.Fn) > room || len(drained) > 0 &&
				!slices.ContainsFunc(c.makes, func(mk *ssa.MakeChan) bool { return within(op.Fn, mk.Parent()) })
			if often && !drained[op.Fn] {
				ops = append(ops, op)
			}
		}
	}
	return ops
}

// callsOf returns how many calls there are of a function, those in loops counted as many.
func (m *Model) callsOf(fn *ssa.Function) (n int64) {
	count := func(call ssa.CallInstruction) {
		if n++; m.loopsOf(call.Parent())[call.Block()] != nil {
			n += smallRoom
		}
	}
	for _, site := range m.sites[fn] {
		count(site)
	}
	for _, d := range m.calls {
		if d.bound[fn] {
			count(d.call)
		}
	}
	return n
}
