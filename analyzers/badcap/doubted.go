package badcap

import (
	"go/token"
	"go/types"

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
	want := make(map[*types.Var]bool)
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
		want[fields[0].Origin()] = true
	}
	if lists == 0 || len(want) != len(f.c) {
		return false
	}
	for _, other := range c.ssa.Funcs {
		if other == fn {
			continue
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

// asks reports whether a comparison decides by the fields alone, not to go on with a loop.
func asks(cmp *ssa.BinOp, want map[*types.Var]bool) bool {
	switch cmp.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
	default:
		return false
	}
	found := make(map[*types.Var]bool)
	for _, v := range []ssa.Value{cmp.X, cmp.Y} {
		if _, ok := v.(*ssa.Const); ok {
			continue
		}
		f := measured(v)
		if f == nil || !want[f] {
			return false
		}
		found[f] = true
	}
	if len(found) != len(want) {
		return false
	}
	for _, ref := range *cmp.Referrers() {
		if br, ok := ref.(*ssa.If); ok && !lazyssa.Reaches(br.Block(), br.Block()) {
			return true
		}
	}
	return false
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
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	return fieldOf(fa).Origin()
}
