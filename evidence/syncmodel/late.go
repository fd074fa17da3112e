package syncmodel

import (
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// A LateEnd is a wait for a goroutine that ends only after something which comes behind the wait.
type LateEnd struct {
	Wait *Op
	Gate *Gate           // of the goroutine
	End  ssa.Instruction // what would end it
}

// LateEnds returns the waits, for the Done of a goroutine or for a channel that only it closes,
// which are to be over before anybody tells the goroutine to end.
func (m *Model) LateEnds() (found []*LateEnd) {
	type started struct {
		*Gate
		act *activation
	}
	gates := make(map[*ssa.Function][]started)
	for _, g := range m.Gates() {
		if act := m.startedBy(g.Go, &activation{fn: g.Go.Parent()}); act != nil {
			gates[act.fn] = append(gates[act.fn], started{g, act})
		}
	}
	l := m.Locks()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside&(MaySend|MayClose) != 0 {
			continue
		}
		ends := 0
		for _, op := range c.ops {
			if op.Kind == Close || op.Kind == Send {
				ends++
			}
		}
		for _, end := range c.ops {
			if !(end.Kind == Done || (end.Kind == Close || end.Kind == Send) && ends == 1) {
				continue
			}
			fn, _ := l.atEnd(end)
			for _, g := range gates[fn] {
				for _, w := range c.ops {
					if w.Kind != Wait && w.Kind != Recv && w.Kind != Range || !w.Bare() || inCycle(w.Instr.Block()) || g.open[w.Fn.Blocks[0]] > 0 {
						continue
					}
					if w.Kind == Wait && !m.sameGroup(w.Object, end.Object, g.act) {
						continue
					}
					if at := m.late(g.Gate, w); at != nil {
						found = append(found, &LateEnd{w, g.Gate, at})
					}
				}
			}
		}
	}
	return found
}

// sameGroup reports whether a wait group is that which another value is in an activation: the same
// variable, or the same field. One class may have several that are handled alike.
func (m *Model) sameGroup(wg, other ssa.Value, act *activation) bool {
	variable := func(v ssa.Value, act *activation) any {
		v, _ = m.trace(v, act)
		if load, ok := v.(*ssa.UnOp); ok {
			v = load.X
		}
		if fa, ok := v.(*ssa.FieldAddr); ok {
			return fieldVar(fa)
		}
		return v
	}
	return variable(wg, nil) == variable(other, act)
}

// late returns what ends a goroutine, if all that does comes behind a wait for it.
func (m *Model) late(g *Gate, w *Op) ssa.Instruction {
	at := m.endBehind(g, w.Instr, w.Fn, 2)
	if at == nil {
		return nil
	}
	r := m.liveWithout(&reach{g: g, wait: w.Instr}, w.Fn)
	if !m.never(g, r) {
		return nil
	}
	if start := origin(g.Go.Parent()); r.behind(g.Go) || !r.fns[start] && m.liveWithout(&reach{g: g}, w.Fn).fns[start] {
		return nil // it is started behind the wait, and so one of another round
	}
	return at
}

// endBehind returns what may end a goroutine behind an instruction of fn, or anywhere in fn if
// that is nil: an operation on what it waits for, or a call that may cancel its context. A call
// of a function that has it stands for it.
func (m *Model) endBehind(g *Gate, at ssa.Instruction, fn *ssa.Function, depth int) ssa.Instruction {
	behind := func(instr ssa.Instruction) bool { return at == nil || precedes(at, instr) }
	cancels := false
	for _, s := range g.Waits {
		if s.Chan == nil {
			cancels = true
			continue
		}
		for _, op := range m.node(s.Chan).ops {
			if op.Fn == fn && (op.Kind == Close || op.Kind == Send) && behind(op.Instr) {
				return op.Instr
			}
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if _, isGo := instr.(*ssa.Go); !ok || isGo || !behind(instr) {
				continue
			}
			c := call.Common()
			callee := c.StaticCallee()
			switch {
			case c.IsInvoke():
			case callee == nil:
				if cancels && lint.IsCancelFunc(c.Value.Type()) {
					return call
				}
			case depth > 0 && m.inside(callee):
				if m.endBehind(g, nil, origin(callee), depth-1) != nil {
					return call
				}
			}
		}
	}
	return nil
}
