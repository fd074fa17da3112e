package ctxvalue

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"golang.org/x/tools/go/ssa"
)

// keys is what a key operand may be.
type keys struct {
	list    []key
	params  []*ssa.Parameter // of interface type or of a type parameter: callers decide
	unknown bool
}

// A key is one possible key.
type key struct {
	typ    types.Type     // the dynamic type; nil for a nil key
	val    constant.Value // the value of a constant, or nil
	origin ssa.Value      // what a pointer points to: the variable or allocation, if known
	source *ssa.Global    // the package variable that holds the key, if it is known and never changes
	made   ssa.Value      // the key before it became an interface value
}

// only returns the one key that an operand can be.
func (ks *keys) only() (key, bool) {
	if len(ks.list) != 1 || ks.unknown || len(ks.params) > 0 || ks.list[0].typ == nil {
		return key{}, false
	}
	return ks.list[0], true
}

// variable is what the package does with a package variable or with a field.
type variable struct {
	stores  []ssa.Value
	loads   []ssa.Value
	escapes bool // its address is used for more than loads and stores
}

// resolve finds out what the key operand v may be.
func (r *run) resolve(v ssa.Value) (ks keys) {
	seen := make(map[ssa.Value]bool)
	var visit func(ssa.Value, *ssa.Global)
	// A field may hold all that the package puts there.
	visitField := func(field *types.Var) {
		f := r.fields[field]
		if f == nil || f.escapes || len(f.stores) == 0 || len(f.stores) > 8 {
			ks.unknown = true
			return
		}
		for _, stored := range f.stores {
			visit(stored, nil)
		}
	}
	// A function of the package that only makes keys returns one of those.
	visitResults := func(call *ssa.Call) {
		callee := call.Call.StaticCallee()
		if callee == nil || callee.Pkg == nil || callee.Pkg.Pkg != r.Pkg || callee.Signature.Results().Len() != 1 || len(callee.Blocks) == 0 {
			ks.unknown = true
			return
		}
		for _, b := range callee.Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
				made, ok := ret.Results[0].(*ssa.MakeInterface)
				if !ok {
					ks.unknown = true
					continue
				}
				visit(made, nil)
			}
		}
	}
	visit = func(v ssa.Value, source *ssa.Global) {
		if seen[v] {
			return
		}
		seen[v] = true
		if g := r.constantVar(v); g != nil {
			source = g
		}
		if !types.IsInterface(v.Type()) {
			k := key{typ: v.Type(), origin: r.origin(v), source: source, made: v}
			if c, ok := v.(*ssa.Const); ok {
				k.val = c.Value
			}
			ks.list = append(ks.list, k)
			return
		}
		switch v := v.(type) {
		case *ssa.MakeInterface:
			visit(v.X, source)
		case *ssa.ChangeInterface:
			visit(v.X, source)
		case *ssa.ChangeType: // of a type parameter constrained by any
			visit(v.X, source)
		case *ssa.Phi:
			for _, e := range v.Edges {
				visit(e, source)
			}
		case *ssa.Const:
			if _, ok := types.Unalias(v.Type()).(*types.TypeParam); ok {
				ks.unknown = true
				return
			}
			ks.list = append(ks.list, key{})
		case *ssa.Parameter:
			ks.params = append(ks.params, v)
		case *ssa.UnOp:
			if stored := r.onlyStored(v); stored != nil {
				visit(stored, source)
				return
			}
			if field, ok := v.X.(*ssa.FieldAddr); ok {
				visitField(lazyssa.Var(field.X.Type(), field.Field))
				return
			}
			if r.neverSet(v.X) {
				ks.list = append(ks.list, key{})
				return
			}
			ks.unknown = true
		case *ssa.Field:
			visitField(lazyssa.Var(v.X.Type(), v.Field))
		case *ssa.Call:
			visitResults(v)
		default:
			ks.unknown = true
		}
	}
	visit(v, nil)
	return ks
}

// neverSet reports whether addr is a package variable that stays nil: other packages cannot
// name it, and this one only reads it, and never asks whether it is nil.
func (r *run) neverSet(addr ssa.Value) bool {
	g, ok := addr.(*ssa.Global)
	if !ok || g.Pkg.Pkg != r.Pkg || g.Object() == nil || g.Object().Exported() {
		return false
	}
	v := r.vars[g]
	return v != nil && !v.escapes && len(v.stores) == 0 && !slices.ContainsFunc(v.loads, compared)
}

// compared reports whether v is compared with something.
func compared(v ssa.Value) bool {
	return slices.ContainsFunc(*v.Referrers(), func(ref ssa.Instruction) bool {
		_, ok := ref.(*ssa.BinOp)
		return ok
	})
}

// constantVar returns the package variable that v loads, if it never changes.
func (r *run) constantVar(v ssa.Value) *ssa.Global {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		if g, ok := load.X.(*ssa.Global); ok {
			if g.Pkg.Pkg != r.Pkg || r.onlyStored(load) != nil {
				return g
			}
		}
	}
	return nil
}

// onlyStored returns the only value that the variable loaded by load ever gets, or nil.
func (r *run) onlyStored(load *ssa.UnOp) ssa.Value {
	if load.Op != token.MUL {
		return nil
	}
	addr := load.X
	for range 8 { // nested literals; more would be absurd
		free, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		if addr = lazyssa.Binding(free); addr == nil {
			return nil
		}
	}
	switch addr := addr.(type) {
	case *ssa.Global:
		if v := r.vars[addr]; v != nil && !v.escapes && len(v.stores) == 1 {
			return v.stores[0]
		}
	case *ssa.Alloc:
		if stores, ok := lazyssa.StoresTo(addr); ok && len(stores) == 1 {
			return stores[0].Val
		}
	}
	return nil
}

// origin returns the variable or allocation that the pointer v points to, or nil.
func (r *run) origin(v ssa.Value) ssa.Value {
	for range 8 {
		switch x := v.(type) {
		case *ssa.Alloc, *ssa.Global:
			return x
		case *ssa.ChangeType:
			v = x.X
		case *ssa.UnOp:
			stored := r.onlyStored(x)
			if stored == nil {
				return nil
			}
			v = stored
		default:
			return nil
		}
	}
	return nil
}
