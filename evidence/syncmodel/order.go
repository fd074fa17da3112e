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
