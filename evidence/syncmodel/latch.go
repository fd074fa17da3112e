package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Latch is a condition that comes true once, for all who wait for it, though only one of
// them is woken.
type Latch struct {
	Signal *Op
	Wait   *Op
	Flag   *types.Var      // what Wait waits for
	Again  ssa.Instruction // starts another one who waits, in a loop; nil if none is known

	Broadcast *Op // wakes all for something else, so that there are several; nil if there is none

	Offered bool // any caller may wait, by an exported method
}

// Latches returns the conditions of the package that are signalled to one goroutine only
// when a flag is set which nobody takes back.
func (m *Model) Latches() (found []*Latch) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside != 0 || !c.Has(CondWait) || !c.Has(Signal) {
			continue
		}
		if l := m.latch(c); l != nil {
			found = append(found, l)
		}
	}
	return found
}

func (m *Model) latch(c *Class) *Latch {
	l := new(Latch)
	var signals []*Op
	for _, op := range c.ops {
		switch op.Kind {
		case Signal:
			if m.loopsOf(op.Fn)[op.Instr.Block()] != nil || m.restarted(op.Fn) {
				return nil // all are woken, perhaps one after the other
			}
			if op.Instr.(ssa.CallInstruction).Common().StaticCallee().Name() != "Signal" {
				l.Broadcast = op
				continue
			}
			signals = append(signals, op)
		case CondWait:
			if l.Wait != nil {
				return nil
			}
			l.Wait = op
		}
	}
	if len(signals) == 0 {
		return nil
	}
	if l.Flag = m.waitsUntil(l.Wait); m.once(l.Flag) && l.Broadcast == nil {
		l.Signal = signals[len(signals)-1]
	} else if !m.closes(l, signals) || l.Broadcast != nil && l.Broadcast.Fn == l.Signal.Fn {
		return nil
	}
	if m.above(signals)[l.Wait.Fn] {
		return nil // who is woken wakes the next
	}
	l.Again = m.startedAgain(l.Wait.Fn, 3)
	l.Offered = m.named(l.Wait.Fn.Object()) && len(m.sites[l.Wait.Fn]) == 0
	return l
}

// closes finds the signal that goes with a flag which ends the wait for something else: who sets it
// does not mean one of those who wait, but all.
func (m *Model) closes(l *Latch, signals []*Op) bool {
	for _, flag := range m.ending(l.Wait) {
		for _, op := range signals {
			if m.once(flag) && slices.ContainsFunc(m.fieldStores[flag], func(st *ssa.Store) bool { return st.Parent() == op.Fn }) {
				l.Flag, l.Signal = flag, op
				return true
			}
		}
	}
	return false
}

// waitsUntil returns the field whose truth alone ends the loop around a Wait, in which nothing
// else is asked; or nil.
func (m *Model) waitsUntil(op *Op) *types.Var {
	l := m.loopsOf(op.Fn)[op.Instr.Block()]
	if l == nil {
		return nil
	}
	var test *ssa.If
	for b := range l.body {
		if br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
			if test != nil {
				return nil
			}
			test = br
		}
	}
	if test == nil {
		return nil
	}
	fa, out := flagOf(test)
	if fa == nil || l.body[test.Block().Succs[out]] {
		return nil
	}
	return m.fieldOf(fa.X.Type(), fa.Field)
}

// once reports whether a flag is set and never taken back.
func (m *Model) once(flag *types.Var) bool {
	if flag == nil || flag.Exported() {
		return false
	}
	m.indexFields()
	sts := m.fieldStores[flag]
	return len(sts) > 0 && !m.fieldShared[flag] && !slices.ContainsFunc(sts, func(st *ssa.Store) bool {
		c, ok := st.Val.(*ssa.Const)
		return !ok || c.Value == nil || c.Value.ExactString() != "true"
	})
}

// startedAgain returns the instruction that starts a goroutine in a loop which comes to a
// function.
func (m *Model) startedAgain(fn *ssa.Function, depth int) ssa.Instruction {
	for _, site := range m.sites[fn] {
		_, isGo := site.(*ssa.Go)
		if isGo && m.loopsOf(site.Parent())[site.Block()] != nil {
			return site
		}
		if !isGo && depth > 0 {
			if again := m.startedAgain(site.Parent(), depth-1); again != nil {
				return again
			}
		}
	}
	p := fn.Parent()
	if p == nil {
		return nil
	}
	for _, b := range p.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.StaticCallee() == nil || !isSyncMethod(call.Call.StaticCallee()) || m.loopsOf(p)[b] == nil {
				continue
			}
			if act := m.startedBy(call, &activation{fn: p}); act != nil && act.fn == fn {
				return call
			}
		}
	}
	return nil
}
