package badcap

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// beside reports whether the sum is of what the caller hands over and of the lengths of
// what the package keeps to itself: the caller cannot know these, and nothing on the way
// compares the two.
func (c *asker) beside(f form, fn *ssa.Function) bool {
	given, kept := false, false
	for a := range f.c {
		p, ok := a.base.(*ssa.Parameter)
		switch {
		case !ok || !c.open(p.Parent()) || p.Parent() != fn || a.kind == capOf:
			return false
		case a.path == "":
			given = true
		case a.kind == lenOf && isReceiver(p):
			kept = true
		default:
			return false
		}
	}
	return given && kept
}

// reached reports whether the function compares the sum f, a number less some lengths, with another length:
// it stops adding to a list as soon as there are so many elements in all, or more. That it asks
// before the first one as well says that the others alone may be as many.
func reached(f form, fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			cmp, ok := instr.(*ssa.BinOp)
			if !ok || !isInteger(cmp.X.Type()) {
				continue
			}
			more := formOf(cmp.X).add(formOf(cmp.Y), -1)
			switch cmp.Op {
			case token.GEQ, token.LSS:
			case token.LEQ, token.GTR:
				more = more.times(-1)
			default:
				continue
			}
			rest := more.add(f, 1)
			if rest.k != 0 || len(rest.c) != 1 || !lazyssa.Reaches(b, b) {
				continue
			}
			for a, n := range rest.c {
				if a.kind == lenOf && n == 1 {
					return true
				}
			}
		}
	}
	return false
}

// growsFromNothing reports whether the field that the atom is the length of is a
// slice that is only ever emptied and appended to: it starts empty.
func (c *asker) growsFromNothing(a atom) bool {
	fields := pathFields(a)
	if len(fields) != 1 || fields[0].Pkg() != c.Pkg {
		return false
	}
	grows := false
	for _, f := range c.ssa.Funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				fa, ok := instr.(*ssa.FieldAddr)
				if !ok || lazyssa.Field(fa) != fields[0] {
					continue
				}
				for _, ref := range *fa.Referrers() {
					switch ref := ref.(type) {
					case *ssa.UnOp, *ssa.DebugRef:
					case *ssa.Store:
						if ref.Addr != fa {
							return false
						}
						if !fromNothing(ref.Val, make(map[ssa.Value]bool)) {
							return false
						}
						grows = true
					default:
						return false
					}
				}
			}
		}
	}
	return grows
}

// fromNothing reports whether a slice is empty, or made of an empty one by appending.
func fromNothing(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return true
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Const:
		return true // nil
	case *ssa.MakeSlice:
		n, ok := v.Len.(*ssa.Const)
		return ok && n.Int64() == 0
	case *ssa.Slice:
		n, ok := v.High.(*ssa.Const)
		return ok && n.Int64() == 0
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "append"
	case *ssa.Phi:
		for _, e := range v.Edges {
			if !fromNothing(e, seen) {
				return false
			}
		}
		return true
	}
	return false
}
