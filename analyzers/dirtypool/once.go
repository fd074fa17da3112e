package dirtypool

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/poolflow"
)

// onlyOnce reports whether a pool lives and dies with one call of a function,
// which takes one object from it: it never hands anything on.
func onlyOnce(p *poolflow.Pool) bool {
	if len(p.Gets) != 1 || p.Gets[0].Wrapper != nil {
		return false
	}
	get := p.Gets[0].Call
	pool := variable(get.Call.Args[0])
	return pool != nil && !leaves(pool) && !lazyssa.Reaches(get.Block(), get.Block())
}

// variable returns the local variable that v is the address or the value of, nil if it is none.
func variable(v ssa.Value) *ssa.Alloc {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	alloc, _ := v.(*ssa.Alloc)
	return alloc
}

// leaves reports whether others than the function and its closures come to know a pool.
func leaves(pool *ssa.Alloc) bool {
	return slices.ContainsFunc(*pool.Referrers(), func(ref ssa.Instruction) bool {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == pool {
				from := variable(ref.Val)
				return from == nil || from != pool && leaves(from)
			}
			_, local := ref.Addr.(*ssa.Alloc)
			return !local
		case ssa.CallInstruction:
			return !poolflow.IsPoolCall(ref.Common())
		case *ssa.FieldAddr, *ssa.UnOp, *ssa.MakeClosure, *ssa.DebugRef:
			return false
		}
		return true
	})
}
