package badcap

import (
	"go/types"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"golang.org/x/tools/go/ssa"
)

// outgrown reports whether the sum is the number of keys in one map field less
// that in another of the same object, and whoever uses the package may add keys
// of his own to the other, or take some out of the first, alone.
func (c *asker) outgrown(f form) bool {
	var more, less *types.Var
	var base ssa.Value
	for a, n := range f.c {
		fields := pathFields(a)
		if a.kind != lenOf || len(fields) != 1 || fields[0].Pkg() != c.Pkg || base != nil && a.base != base {
			return false
		}
		if _, ok := fields[0].Type().Underlying().(*types.Map); !ok {
			return false
		}
		base = a.base
		switch n {
		case 1:
			more = fields[0]
		case -1:
			less = fields[0]
		}
	}
	if p, ok := base.(*ssa.Parameter); !ok || len(f.c) != 2 || more == nil || less == nil || f.k > 0 || !c.open(p.Parent()) {
		return false
	}
	for _, fn := range c.ssa.Funcs {
		if c.open(fn) && c.changesAlone(fn, more, less) {
			return true
		}
	}
	return false
}

// changesAlone reports whether the function adds a key that it is given to the
// field less, or deletes one from more, and knows nothing of the other: it neither
// names it nor calls anything that may.
func (c *asker) changesAlone(fn *ssa.Function, more, less *types.Var) bool {
	changed, other := (*types.Var)(nil), false
	given := func(m, key ssa.Value) *types.Var {
		fa := lazyssa.FieldLoaded(m)
		if _, isParam := key.(*ssa.Parameter); fa == nil || !isParam {
			return nil
		}
		return lazyssa.Field(fa)
	}
	named := make(map[*types.Var]bool)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.FieldAddr:
				named[lazyssa.Field(instr)] = true
			case *ssa.MapUpdate:
				if f := given(instr.Map, instr.Key); f != nil && f == less {
					changed = f
				}
			case *ssa.Call:
				bi, ok := instr.Call.Value.(*ssa.Builtin)
				switch {
				case ok && bi.Name() == "delete":
					if f := given(instr.Call.Args[0], instr.Call.Args[1]); f != nil && f == more {
						changed = f
					}
				case !ok:
					if static := instr.Call.StaticCallee(); static == nil || static.Pkg == c.ssa.Pkg {
						other = true
					}
				}
			}
		}
	}
	return changed == less && changed != nil && !named[more] && !other || changed == more && changed != nil && !named[less] && !other
}
