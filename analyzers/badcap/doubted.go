package badcap

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// doubted reports whether another function of the package asks whether the sum f, of the fields of
// what an exported one is given, is negative: whether a list may be empty, or is as long as a number.
// What the package believes to be possible there is possible here.
func (c *asker) doubted(f form, fn *ssa.Function) bool {
	if !c.open(fn) || len(f.c) == 0 || len(f.c) > 2 {
		return false
	}
	want := make(map[*types.Var]int64) // how often they count
	lists := 0
	for a := range f.c {
		p, ok := a.base.(*ssa.Parameter)
		fields := pathFields(a)
		if !ok || p.Parent() != fn || len(fields) != 1 || fields[0].Pkg() != c.Pkg || a.kind == capOf {
			return false
		}
		if a.kind == lenOf {
			lists++
		}
		want[fields[0].Origin()] = f.c[a]
	}
	if lists == 0 || len(want) != len(f.c) {
		return false
	}
	for _, other := range c.ssa.Funcs {
		if other == fn || sets(other, want) {
			continue // it may see to it that there is something
		}
		for _, b := range other.Blocks {
			for _, instr := range b.Instrs {
				if cmp, ok := instr.(*ssa.BinOp); ok && asks(cmp, want) {
					return true
				}
			}
		}
	}
	return false
}

// asks reports whether a comparison of the fields alone decides something, other than to go on with a
// loop: that there is nothing in a list or, of two, that the one subtracted is the larger. That both are
// equal is what one reads up to.
func asks(cmp *ssa.BinOp, want map[*types.Var]int64) bool {
	x, y := measured(cmp.X), measured(cmp.Y)
	_, constant := cmp.Y.(*ssa.Const)
	switch cmp.Op {
	case token.EQL, token.NEQ, token.GEQ, token.LSS, token.LEQ, token.GTR:
	default:
		return false
	}
	switch {
	case len(want) == 1:
		if !constant || want[x] <= 0 {
			return false
		}
	case want[x] == 0 || want[y] == 0 || x == y:
		return false
	case want[x] < 0:
		if cmp.Op != token.GTR && cmp.Op != token.LEQ {
			return false
		}
	case cmp.Op != token.LSS && cmp.Op != token.GEQ:
		return false
	}
	return slices.ContainsFunc(*cmp.Referrers(), func(ref ssa.Instruction) bool {
		br, ok := ref.(*ssa.If)
		return ok && !lazyssa.Reaches(br.Block(), br.Block())
	})
}

// measured returns the field that v is the value or the length of, or nil.
func measured(v ssa.Value) *types.Var {
	if call, ok := v.(*ssa.Call); ok {
		b, ok := call.Call.Value.(*ssa.Builtin)
		if !ok || b.Name() != "len" {
			return nil
		}
		v = call.Call.Args[0]
	}
	fa := lazyssa.FieldLoaded(v)
	if fa == nil {
		return nil
	}
	return lazyssa.Field(fa).Origin()
}

// sets reports whether a function assigns to one of the fields.
func sets(fn *ssa.Function, fields map[*types.Var]int64) bool {
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			st, ok := instr.(*ssa.Store)
			if !ok {
				return false
			}
			fa, ok := st.Addr.(*ssa.FieldAddr)
			return ok && fields[lazyssa.Field(fa).Origin()] != 0
		})
	})
}
