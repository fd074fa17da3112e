package syncmodel

import (
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// overcounted reports whether a goroutine of the run started more than the condition around the go
// statement lets it, which compares a count of the rounds with a constant.
func (m *Model) overcounted(st *state, spawn ssa.Instruction) bool {
	limit, ok := m.countLimit(spawn)
	return ok && slices.ContainsFunc(st.procs, func(p proc) bool {
		n := int64(0)
		for _, ev := range p.t.Events[:p.i] {
			if ev.Kind == EvSpawn && ev.Instr == spawn {
				n++
			}
		}
		return n > limit
	})
}

// countLimit returns how often the function of an instruction can come to it, if a count says so.
func (m *Model) countLimit(at ssa.Instruction) (limit int64, ok bool) {
	for cond, isTrue := range lazyssa.Conditions(at.Block()) {
		cmp, ok := cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		c, ok := cmp.Y.(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
			continue
		}
		first, ok := m.counter(cmp.X, at)
		if !ok {
			continue
		}
		switch op := cmp.Op; {
		case op == token.LSS && isTrue, op == token.GEQ && !isTrue:
			return c.Int64() - first, true
		case op == token.LEQ && isTrue, op == token.GTR && !isTrue:
			return c.Int64() - first + 1, true
		case op == token.EQL && isTrue, op == token.NEQ && !isTrue:
			return 1, true
		}
	}
	return 0, false
}

// counter returns the first value of a captured variable that goes up by one, and does nothing else, on
// every way to an instruction.
func (m *Model) counter(v ssa.Value, at ssa.Instruction) (first int64, ok bool) {
	load, isLoad := v.(*ssa.UnOp)
	if !isLoad || load.Op != token.MUL {
		return 0, false
	}
	x := lazyssa.Variable(load.X)
	if x == nil || m.loopsOf(x.Parent())[x.Block()] != nil {
		return 0, false
	}
	stores, ok := lazyssa.StoresTo(x)
	if !ok {
		return 0, false
	}
	counts, set := false, false
	for _, st := range stores {
		switch val := st.Val.(type) {
		case *ssa.BinOp:
			old, isLoad := val.X.(*ssa.UnOp)
			if !isLoad || val.Op != token.ADD || !isInt(val.Y, 1) || lazyssa.Variable(old.X) != x {
				return 0, false
			}
			counts = counts || st.Parent() == at.Parent() && lazyssa.Before(st, at)
			if st.Parent() == load.Parent() && lazyssa.Before(st, load) {
				first++
			}
		case *ssa.Const:
			if set || st.Parent() != x.Parent() || m.loopsOf(st.Parent())[st.Block()] != nil {
				return 0, false
			}
			first, set = first+val.Int64(), true
		default:
			return 0, false
		}
	}
	return first, counts
}
