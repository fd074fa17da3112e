package poolflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// solve computes the state at the start of each block that can be reached.
//
// A loop is taken to run at least once: what each turn of it assigns is
// assigned after it, for code that forgets only the empty input is not worth a
// word. So the way out of the head of a loop starts from the end of a turn.
func (w *walk) solve(first *ssa.BasicBlock, init state) map[*ssa.BasicBlock]state {
	in := map[*ssa.BasicBlock]state{first: init}
	turned := make(map[*ssa.BasicBlock]state) // at the head of a loop, after a turn
	work := []*ssa.BasicBlock{first}
	join := func(m map[*ssa.BasicBlock]state, b *ssa.BasicBlock, st state) {
		old, seen := m[b]
		if seen {
			st.join(old)
		}
		if !seen || st != old {
			m[b] = st
			if !slices.Contains(work, b) {
				work = append(work, b)
			}
		}
	}
	drain := func() {
		for len(work) > 0 && w.fuel > 0 {
			b := work[0]
			work = work[1:]
			out := w.block(b, in[b], init)
			for _, succ := range b.Succs {
				next := out
				if isLoopHead(b) && leaves(b, succ) {
					st, ok := turned[b]
					if !ok {
						continue
					}
					next = w.block(b, st, init)
				}
				if w.replaced(b, succ) {
					next.lose(all)
				}
				if w.bypasses(b, succ) || w.unused(b, succ) {
					next.lose(all)
				}
				if i := w.emptyOn(b, succ); i >= 0 {
					next.lose(slot(i))
				}
				if succ.Dominates(b) {
					join(turned, succ, next)
				}
				join(in, succ, next)
			}
		}
	}
	drain()
	// Loops whose every turn returns or breaks are left by their head all the same.
	for _, b := range w.fn.Blocks {
		if st, ok := in[b]; ok && isLoopHead(b) {
			if _, ok := turned[b]; !ok {
				turned[b] = st
				work = append(work, b)
				drain()
			}
		}
	}
	return in
}

// isLoopHead reports whether a loop begins at b with the question whether to go on.
func isLoopHead(b *ssa.BasicBlock) bool {
	return len(b.Succs) == 2 && slices.ContainsFunc(b.Preds, b.Dominates)
}

// leaves reports whether the edge from the head of a loop to succ leaves the loop.
func leaves(head, succ *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{head: true}
	var reach func(b *ssa.BasicBlock) bool
	reach = func(b *ssa.BasicBlock) bool {
		if seen[b] || !head.Dominates(b) {
			return false
		}
		seen[b] = true
		for _, s := range b.Succs {
			if s == head || reach(s) {
				return true
			}
		}
		return false
	}
	return !reach(succ)
}

// leadsTo reports whether control may go on from one block to another: a defer
// that was not reached does not run.
func leadsTo(from, to *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var reach func(b *ssa.BasicBlock) bool
	reach = func(b *ssa.BasicBlock) bool {
		if b == to {
			return true
		}
		if seen[b] {
			return false
		}
		seen[b] = true
		return slices.ContainsFunc(b.Succs, reach)
	}
	return from == to || to == to.Parent().Recover || reach(from)
}
