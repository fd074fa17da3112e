package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

func indexIn(instr ssa.Instruction) int { return slices.Index(instr.Block().Instrs, instr) }

// precedes reports whether a is on every way to b.
func precedes(a, b ssa.Instruction) bool {
	if _, isDefer := b.(*ssa.Defer); isDefer { // runs at the end
		for _, end := range a.Parent().Blocks {
			if _, ok := end.Instrs[len(end.Instrs)-1].(*ssa.Return); ok && end != a.Parent().Recover && !a.Block().Dominates(end) {
				return false
			}
		}
		return true
	}
	if a.Block() == b.Block() {
		return indexIn(a) < indexIn(b)
	}
	return a.Block().Dominates(b.Block())
}

// reaches reports whether a way leads from a to b. A deferred call is made at the end.
func reaches(a, b ssa.Instruction) bool {
	if _, isDefer := b.(*ssa.Defer); isDefer {
		return true
	}
	if a.Block() == b.Block() && indexIn(a) < indexIn(b) {
		return true
	}
	return lazyssa.Reaches(a.Block(), b.Block())
}

func inCycle(b *ssa.BasicBlock) bool { return lazyssa.Reaches(b, b) }

// ways goes from instruction i of a block to all that may be executed after it, shortest
// ways first and each block once. It does not go on behind an instruction that is not to
// be passed, and to those blocks only that next returns.
func ways(b *ssa.BasicBlock, i int, pass func(ssa.Instruction) bool, next func(*ssa.BasicBlock) []*ssa.BasicBlock) {
	seen := make(map[*ssa.BasicBlock]bool)
	type point struct {
		b *ssa.BasicBlock
		i int
	}
	work := []point{{b, i}}
	for len(work) > 0 {
		p := work[0]
		work = work[1:]
		if slices.ContainsFunc(p.b.Instrs[p.i:], func(instr ssa.Instruction) bool { return !pass(instr) }) {
			continue
		}
		for _, to := range next(p.b) {
			if !seen[to] {
				seen[to] = true
				work = append(work, point{to, 0})
			}
		}
	}
}
