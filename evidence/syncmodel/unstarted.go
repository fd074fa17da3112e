package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// An Unstarted is a wait for the end of a goroutine which need not have been started.
type Unstarted struct {
	Wait *Op
	Go   ssa.CallInstruction
	Flag *types.Var // is set where it is waited, and asked before the goroutine is started
}

// Unstarted returns the waits of methods for other packages, in whatever state their object is, for a
// channel that only a goroutine closes which another method starts: that method refuses to start it
// once the first has been called, and keeps off a second start by another flag. So the first may well
// come before it, and nobody closes the channel then.
func (m *Model) Unstarted() (found []Unstarted) {
	l := m.Locks()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.indexFields()
	for _, c := range m.order {
		if c.up != nil || c.outside&(MaySend|MayClose) != 0 || c.Has(Send) {
			continue
		}
		closes := slices.DeleteFunc(slices.Clone(c.ops), func(op *Op) bool { return op.Kind != Close })
		if len(closes) != 1 {
			continue
		}
		fn, _ := l.atEnd(closes[0])
		if fn == nil || len(m.sites[fn]) != 1 || !m.onlyGoes(fn) {
			continue
		}
		start := m.sites[fn][0]
		if by := start.Parent(); by.Signature.Recv() == nil || !m.public(by) || m.taken[by] ||
			slices.ContainsFunc(c.makes, func(mk *ssa.MakeChan) bool { return within(mk.Parent(), by) }) ||
			slices.ContainsFunc(m.sites[by], func(site ssa.CallInstruction) bool { return !m.tests.Has(site.Pos()) }) {
			continue
		}
		for _, op := range c.ops {
			if op.Kind != Recv || !op.Bare() || !m.public(op.Fn) || decided(op.Instr) || m.stateGuarded(op.Instr, nil) || m.needsStart(op.Instr, start.Parent()) {
				continue
			}
			if flag := m.refusedAfter(start, op.Fn); flag != nil {
				found = append(found, Unstarted{op, start, flag})
			}
		}
	}
	return found
}

// needsStart reports whether a function calls, before an instruction, what another one sets: it gets no further
// if that has not been called.
func (m *Model) needsStart(at ssa.Instruction, starts *ssa.Function) bool {
	for _, b := range at.Parent().Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !lazyssa.Before(call, at) {
				continue
			}
			if fa := lazyssa.FieldLoaded(call.Call.Value); fa != nil && slices.ContainsFunc(m.fieldStores[m.fieldOf(fa.X.Type(), fa.Field)], func(st *ssa.Store) bool { return st.Parent() == starts }) {
				return true
			}
		}
	}
	return false
}

// refusedAfter returns the flag, set by a method, that keeps another one from starting a goroutine, if there
// is a second flag that keeps it from starting a second one.
func (m *Model) refusedAfter(start ssa.CallInstruction, method *ssa.Function) (flag *types.Var) {
	again := false
	for cond, is := range lazyssa.Conditions(start.Block()) {
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond, is = not.X, !is
		}
		fa := lazyssa.FieldLoaded(cond)
		if fa == nil || is {
			continue
		}
		f := m.fieldOf(fa.X.Type(), fa.Field)
		if !m.once(f) {
			continue
		}
		setBy := func(fn *ssa.Function) bool {
			return slices.ContainsFunc(m.fieldStores[f], func(st *ssa.Store) bool { return st.Parent() == fn })
		}
		if setBy(method) {
			flag = f
		}
		again = again || setBy(start.Parent())
	}
	if !again {
		return nil
	}
	return flag
}
