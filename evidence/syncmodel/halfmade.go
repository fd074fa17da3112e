package syncmodel

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// A HalfMade is an operation on a channel that only one side of a condition has made, where
// the operation is come to on both.
type HalfMade struct {
	Op   *Op
	Make *ssa.MakeChan
}

// HalfMade returns the operations on local variables that are nil on one side of a condition:
// of the function itself, or of a literal that it returns for others to call.
func (m *Model) HalfMade() (found []HalfMade) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || len(c.makes) == 0 {
			continue
		}
		for _, op := range c.ops {
			if !op.Bare() || op.Kind != Send && op.Kind != Recv && op.Kind != Range {
				continue
			}
			if mk, at := madeFor(op); mk != nil && halfWay(mk, at) {
				found = append(found, HalfMade{op, mk})
			}
		}
	}
	return found
}

// madeFor returns the only channel that the variable of an operation ever holds, with the
// place in the function of the variable at which the operation is as good as done.
func madeFor(op *Op) (mk *ssa.MakeChan, at *ssa.BasicBlock) {
	at = op.Instr.Block()
	switch v := op.Object.(type) {
	case *ssa.Phi:
		for _, e := range v.Edges {
			if x, ok := e.(*ssa.MakeChan); ok && mk == nil {
				mk = x
			} else if !lazyssa.IsZero(e) {
				return nil, nil
			}
		}
	case *ssa.UnOp:
		a := lazyssa.Variable(v.X)
		if v.Op != token.MUL || a == nil {
			return nil, nil
		}
		sts := stores(a)
		if len(sts) != 1 || sts[0].Parent() != a.Parent() || slices.ContainsFunc(*a.Referrers(), func(ref ssa.Instruction) bool { return !keepsVariable(ref) }) {
			return nil, nil
		}
		if mk, _ = sts[0].Val.(*ssa.MakeChan); mk != nil && mk.Block() != sts[0].Block() {
			return nil, nil
		}
		if op.Fn != a.Parent() {
			if op.Fn.Parent() != a.Parent() || !undecided(op.Instr.Block(), nil) {
				return nil, nil
			}
			at = handedOut(op.Fn)
		}
	}
	if mk == nil || at == nil || mk.Parent() != at.Parent() {
		return nil, nil
	}
	return mk, at
}

func keepsVariable(ref ssa.Instruction) bool {
	switch ref.(type) {
	case *ssa.Store, *ssa.UnOp, *ssa.MakeClosure, *ssa.DebugRef:
		return true
	}
	return false
}

// handedOut returns where a literal is made of which nothing is done but to return it.
func handedOut(fn *ssa.Function) *ssa.BasicBlock {
	var at *ssa.BasicBlock
	for mc := range lazyssa.Closures(fn) {
		if at != nil || slices.ContainsFunc(*mc.Referrers(), givesAway) {
			return nil
		}
		at = mc.Block()
	}
	return at
}

func givesAway(ref ssa.Instruction) bool {
	switch ref.(type) {
	case *ssa.Return, *ssa.DebugRef:
		return false
	}
	return true
}

// halfWay reports whether a block is come to whichever side a condition takes that decides
// whether a channel is made, and nothing else decides about the block after that.
func halfWay(mk *ssa.MakeChan, at *ssa.BasicBlock) bool {
	made := mk.Block()
	d := made.Idom()
	if d == nil || len(made.Preds) != 1 || made.Dominates(at) || inCycle(made) {
		return false
	}
	br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
	if !ok || !d.Dominates(at) || lazyssa.Mentions(br.Cond, 4, func(v ssa.Value) bool { _, ok := v.(*ssa.MakeChan); return ok }) {
		return false
	}
	if cmp, ok := br.Cond.(*ssa.BinOp); ok && lazyssa.IsZero(cmp.X) && lazyssa.IsZero(cmp.Y) {
		return false // it is asked whether there is one already, where there is none
	}
	other := br.Block().Succs[0]
	if other == made {
		other = br.Block().Succs[1]
	}
	return (other == at || lazyssa.Reaches(other, at)) && lazyssa.Reaches(made, at) && undecided(at, d)
}

// undecided reports whether no condition decides after d, which dominates b, if b is come to;
// or none of the function if d is nil.
func undecided(b, d *ssa.BasicBlock) bool {
	for b != d {
		up := b.Idom()
		if up == nil {
			break
		}
		if br, ok := up.Instrs[len(up.Instrs)-1].(*ssa.If); ok && up != d && slices.ContainsFunc(br.Block().Succs, func(to *ssa.BasicBlock) bool { return len(to.Preds) == 1 && to.Dominates(b) }) {
			return false
		}
		b = up
	}
	return true
}
