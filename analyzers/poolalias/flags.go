package poolalias

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// flags makes the state know the flags that say where an object comes from: where the pool is
// asked because a variable is nil, those are not set that are set only together with it.
func (x *explorer) flags(fr *frame, st *state, origin *ssa.BasicBlock) {
	for cond, is := range lazyssa.Conditions(origin) {
		cmp, ok := cond.(*ssa.BinOp)
		if !ok || !lazyssa.IsNil(cmp.Y) || (cmp.Op == token.EQL) != is || cmp.Op != token.EQL && cmp.Op != token.NEQ {
			continue
		}
		switch v := cmp.X.(type) {
		case *ssa.UnOp:
			if cell, ok := v.X.(*ssa.Alloc); ok && v.Op == token.MUL {
				for _, b := range fr.fn.Blocks {
					for _, instr := range b.Instrs {
						if flag, ok := instr.(*ssa.Alloc); ok && setWith(flag, cell) {
							st.consts[x.loc(fr, st, flag)] = "false"
						}
					}
				}
			}
		case *ssa.Phi:
			for _, instr := range v.Block().Instrs {
				if flag, ok := instr.(*ssa.Phi); ok && lint.IsBool(flag.Type()) && !trueWhereNil(flag, v) {
					st.consts[x.key(fr, flag)] = "false"
				}
			}
		}
	}
}

// trueWhereNil reports whether a flag may be true where another variable is nil.
func trueWhereNil(flag, v *ssa.Phi) bool {
	for i, e := range v.Edges {
		if lazyssa.IsNil(e) {
			if c, ok := constOf(flag.Edges[i]); !ok || c != "false" {
				return true
			}
		}
	}
	return false
}

// setWith reports whether a literal sets a flag, and whoever sets it sets another variable in the
// same place.
func setWith(flag, other *ssa.Alloc) bool {
	if !lint.IsBool(flag.Type().(*types.Pointer).Elem()) || !onlySet(flag) || !onlySet(other) {
		return false
	}
	sets := 0
	for _, b := range blocksOf(flag.Parent()) {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok || lazyssa.Variable(st.Addr) != flag {
				continue
			}
			if c, ok := constOf(st.Val); ok && c == "false" {
				continue
			}
			if sets++; !slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
				st, ok := instr.(*ssa.Store)
				return ok && lazyssa.Variable(st.Addr) == other && !lazyssa.IsNil(st.Val)
			}) {
				return false
			}
		}
	}
	return sets > 0
}

// onlySet reports whether a variable is only set, read and captured.
func onlySet(cell *ssa.Alloc) bool {
	yes := func(*ssa.UnOp) bool { return true }
	return lazyssa.OnlyUsed(cell, yes, func(*ssa.MakeClosure) bool { return true })
}

// blocksOf returns the blocks of a function and of all literals in it.
func blocksOf(fn *ssa.Function) []*ssa.BasicBlock {
	all := slices.Clone(fn.Blocks)
	for _, lit := range fn.AnonFuncs {
		all = append(all, blocksOf(lit)...)
	}
	return all
}
