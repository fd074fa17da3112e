package ctxvalue

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// private reports whether the package alone can make keys of type t, and makes
// no other use of them: then all that is stored under such keys is known.
func (r *run) private(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() != r.Pkg {
		return false
	}
	return !r.exported(named) && !r.leaked[named.Obj()]
}

// exported reports whether importers can get hold of values of the type.
func (r *run) exported(t *types.Named) bool {
	if r.reachable == nil {
		r.reachable = make(map[*types.TypeName]bool)
		if r.Pkg.Name() != "main" {
			scope := r.Pkg.Scope()
			for _, name := range scope.Names() {
				if obj := scope.Lookup(name); obj.Exported() {
					r.reach(obj.Type())
				}
			}
		}
	}
	return r.reachable[t.Obj()]
}

// reach marks the types of the package that a value of type t gives access to.
func (r *run) reach(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			r.reach(arg)
		}
		if obj := t.Obj(); obj.Pkg() == r.Pkg && !r.reachable[obj] {
			r.reachable[obj] = true
			r.reach(t.Underlying())
			for m := range t.Methods() {
				if m.Exported() {
					r.reach(m.Type())
				}
			}
		}
	case *types.Pointer:
		r.reach(t.Elem())
	case *types.Slice:
		r.reach(t.Elem())
	case *types.Array:
		r.reach(t.Elem())
	case *types.Chan:
		r.reach(t.Elem())
	case *types.Map:
		r.reach(t.Key())
		r.reach(t.Elem())
	case *types.Signature:
		r.reach(t.Params())
		r.reach(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			r.reach(v.Type())
		}
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() || f.Embedded() {
				r.reach(f.Type())
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if m.Exported() {
				r.reach(m.Type())
			}
		}
	}
}

// findLeaks finds the types whose values become interface values anywhere but in
// the key of a known operation: these may be keys of operations that are not known.
func (r *run) findLeaks() {
	r.leaked = make(map[*types.TypeName]bool)
	leak := func(t types.Type) {
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() == r.Pkg {
			r.leaked[named.Obj()] = true
		}
	}
	type use struct {
		call ssa.CallInstruction
		arg  ssa.Value
	}
	known := make(map[use]bool)
	for _, ops := range [][]op{r.sets, r.gets} {
		for _, o := range ops {
			known[use{o.call, o.call.Common().Args[o.arg]}] = true
		}
	}
	var keyOnly func(v ssa.Value, seen map[ssa.Value]bool) bool
	keyOnly = func(v ssa.Value, seen map[ssa.Value]bool) bool {
		if seen[v] {
			return true
		}
		seen[v] = true
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.DebugRef:
			case ssa.CallInstruction:
				if !known[use{ref, v}] {
					return false
				}
			case *ssa.Phi:
				if !keyOnly(ref, seen) {
					return false
				}
			case *ssa.ChangeInterface:
				if !keyOnly(ref, seen) {
					return false
				}
			case *ssa.Store:
				g, ok := ref.Addr.(*ssa.Global)
				if !ok || g.Object() == nil || g.Object().Exported() || r.vars[g] == nil || r.vars[g].escapes {
					return false
				}
				for _, load := range r.vars[g].loads {
					if !keyOnly(load, seen) {
						return false
					}
				}
			default:
				return false
			}
		}
		return true
	}
	for _, f := range r.funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.MakeInterface:
					if !keyOnly(instr, make(map[ssa.Value]bool)) {
						leak(instr.X.Type())
					}
				case *ssa.TypeAssert:
					leak(instr.AssertedType)
				}
			}
		}
	}
	// A generic function or type may do anything with its type arguments, unless it
	// is known to use them as keys.
	for id, inst := range r.TypesInfo.Instances {
		if fn, ok := r.TypesInfo.Uses[id].(*types.Func); ok {
			if f := r.fact(fn.Origin()); f != nil && len(f.Set)+len(f.Get) > 0 {
				continue
			}
		}
		for t := range inst.TypeArgs.Types() {
			leak(t)
		}
	}
}
