package ctxvalue

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

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

// privateKey is private for one key: others may get hold of keys of its type, but of those
// alone that exported constants and variables hold.
func (r *run) privateKey(k key) bool {
	if r.private(k.typ) {
		return true
	}
	named, ok := types.Unalias(k.typ).(*types.Named)
	if !ok || k.val == nil || named.Obj().Pkg() != r.Pkg || named.Obj().Exported() || r.leaked[named.Obj()] {
		return false
	}
	if r.given == nil {
		r.given = r.reachableFrom(func(obj types.Object) bool {
			switch obj.(type) {
			case *types.Const, *types.Var:
				n, ok := types.Unalias(obj.Type()).(*types.Named)
				return !ok || n.Obj().Exported()
			}
			return true
		})
	}
	if r.given[named.Obj()] {
		return false
	}
	scope := r.Pkg.Scope()
	return !slices.ContainsFunc(scope.Names(), func(name string) bool {
		obj := scope.Lookup(name)
		if !obj.Exported() || !types.Identical(obj.Type(), k.typ) {
			return false
		}
		c, ok := obj.(*types.Const)
		if !ok {
			return !r.holdsOther(obj, k)
		}
		return constant.Compare(c.Val(), token.EQL, k.val)
	})
}

// holdsOther reports whether a package variable holds another key than k when the program begins,
// and this package does not change it.
func (r *run) holdsOther(obj types.Object, k key) bool {
	for g, v := range r.vars {
		if g.Object() != obj || v.escapes || len(v.stores) != 1 {
			continue
		}
		c, ok := v.stores[0].(*ssa.Const)
		return ok && c.Value != nil && c.Value.Kind() == k.val.Kind() && !constant.Compare(c.Value, token.EQL, k.val)
	}
	return false
}

// exported reports whether importers can get hold of values of the type.
func (r *run) exported(t *types.Named) bool {
	if r.reachable == nil {
		r.reachable = r.reachableFrom(func(types.Object) bool { return true })
	}
	return r.reachable[t.Obj()]
}

// reachableFrom returns the types that the exported declarations for which ok holds give access to.
func (r *run) reachableFrom(ok func(types.Object) bool) reached {
	seen := make(reached)
	if r.Pkg.Name() == "main" {
		return seen
	}
	scope := r.Pkg.Scope()
	for _, name := range scope.Names() {
		if obj := scope.Lookup(name); obj.Exported() && ok(obj) {
			seen.reach(r.Pkg, obj.Type())
		}
	}
	return seen
}

// reached is the types of a package that others can get values of.
type reached map[*types.TypeName]bool

// reach adds the types of pkg that a value of type t gives access to.
func (seen reached) reach(pkg *types.Package, t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			seen.reach(pkg, arg)
		}
		if obj := t.Obj(); obj.Pkg() == pkg && !seen[obj] {
			seen[obj] = true
			seen.reach(pkg, t.Underlying())
			for m := range t.Methods() {
				if m.Exported() {
					seen.reach(pkg, m.Type())
				}
			}
		}
	case *types.Pointer:
		seen.reach(pkg, t.Elem())
	case *types.Slice:
		seen.reach(pkg, t.Elem())
	case *types.Array:
		seen.reach(pkg, t.Elem())
	case *types.Chan:
		seen.reach(pkg, t.Elem())
	case *types.Map:
		seen.reach(pkg, t.Key())
		seen.reach(pkg, t.Elem())
	case *types.Signature:
		seen.reach(pkg, t.Params())
		seen.reach(pkg, t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			seen.reach(pkg, v.Type())
		}
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() || f.Embedded() {
				seen.reach(pkg, f.Type())
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if m.Exported() {
				seen.reach(pkg, m.Type())
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
