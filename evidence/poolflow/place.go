package poolflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A place says where a pool lives. In a wrapper that is a method of the pool's
// owner, the place is relative to a parameter and made absolute at each call.
type place struct {
	key   string // "" if unknown
	param int    // parameter that key is relative to, or -1
	path  string // fields from that parameter
}

var nowhere = place{param: -1}

// name returns the last two elements of the key, as source code has them.
func (p place) name() string {
	key := strings.TrimSuffix(p.key, "[]")
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		key = key[i+1:]
	}
	if _, rest, ok := strings.Cut(key, "."); ok {
		key = rest
	}
	if i := strings.LastIndexByte(key, '.'); i >= 0 {
		key = key[strings.LastIndexByte(key[:i], '.')+1:]
	}
	return key
}

// at returns the place as the caller sees it.
func (p place) at(call ssa.CallInstruction) place {
	args := arguments(call)
	if p.param < 0 || p.param >= len(args) {
		return p
	}
	owner := placeOf(args[p.param])
	if owner.key == "" || owner.param >= 0 && owner.path == "" {
		if owner.param >= 0 {
			return place{p.key, owner.param, p.path}
		}
		return place{key: p.key, param: -1}
	}
	return place{owner.key + p.path, owner.param, owner.path + p.path}
}

// home returns the place of the pool that v is, or points to. If the object itself knows
// the owner of its pool, as in it.db.iters, that is any owner of the type.
func (w *walk) home(v ssa.Value) place {
	pool := v
	if load, ok := pool.(*ssa.UnOp); ok && load.Op == token.MUL {
		pool = load.X
	}
	if fa, ok := pool.(*ssa.FieldAddr); ok {
		load, ok := fa.X.(*ssa.UnOp)
		owner := typeKey(lint.Deref(fa.X.Type()))
		if ok && load.Op == token.MUL && owner != "" && w.within(load.X) != 0 {
			return place{key: owner + "." + lazyssa.Field(fa).Name(), param: -1}
		}
	}
	return placeOf(v)
}

// placeOf returns the place of the variable that v is, or points to.
func placeOf(v ssa.Value) place { return placeWithin(v, 16) }

// placeWithin is placeOf for so many steps: objects that point to each other have no
// first of them.
func placeWithin(v ssa.Value, steps int) place {
	if steps--; steps < 0 {
		return nowhere
	}
	switch v := v.(type) {
	case *ssa.Global:
		return place{key: v.Pkg.Pkg.Path() + "." + v.Name(), param: -1}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return placeWithin(v.X, steps)
		}
	case *ssa.IndexAddr:
		if p := placeWithin(v.X, steps); p.key != "" {
			p.key += "[]"
			if p.param >= 0 {
				p.path += "[]"
			}
			return p
		}
	case *ssa.FieldAddr:
		name := "." + lazyssa.Field(v).Name()
		if p := placeWithin(v.X, steps); p.key != "" {
			p.key += name
			if p.param >= 0 {
				p.path += name
			}
			return p
		}
		if owner := typeKey(lint.Deref(v.X.Type())); owner != "" {
			return place{key: owner + name, param: -1}
		}
	case *ssa.Parameter:
		for i, param := range v.Parent().Params {
			if param == v {
				if key := typeKey(lint.Deref(v.Type())); key != "" || v.Parent().Pkg == nil || !lint.IsNamed(lint.Deref(v.Type()), "sync", "Pool") {
					return place{key: key, param: i}
				}
				return place{key: v.Parent().Pkg.Pkg.Path() + "." + v.Name(), param: i}
			}
		}
	case *ssa.FreeVar:
		if b := lazyssa.Binding(v); b != nil {
			return placeWithin(b, steps)
		}
	case *ssa.Lookup:
		if p := placeWithin(v.X, steps); p.key != "" {
			p.key += "[]"
			if p.param >= 0 {
				p.path += "[]"
			}
			return p
		}
	case *ssa.Extract:
		if v.Index == 0 {
			if _, ok := v.Tuple.(*ssa.Lookup); ok {
				return placeWithin(v.Tuple.(*ssa.Lookup), steps)
			}
		}
	case *ssa.Phi:
		// Found in a map, or made and put there. Round a loop it may come from itself.
		if lazyssa.Reaches(v.Block(), v.Block()) {
			return nowhere
		}
		found := nowhere
		for _, e := range v.Edges {
			switch e.(type) {
			case *ssa.Phi, *ssa.Const:
				return nowhere
			}
			p := placeWithin(e, steps)
			if p.key == "" || found.key != "" && p != found {
				return nowhere
			}
			found = p
		}
		return found
	case *ssa.Alloc:
		for _, ref := range *v.Referrers() {
			if up, ok := ref.(*ssa.MapUpdate); ok && up.Value == v {
				if p := placeWithin(up.Map, steps); p.key != "" {
					p.key += "[]"
					if p.param >= 0 {
						p.path += "[]"
					}
					return p
				}
			}
		}
		// A pool made by &sync.Pool{…} belongs where it is stored; a captured
		// variable is the value stored in it.
		for _, ref := range *v.Referrers() {
			if load, ok := ref.(*ssa.UnOp); ok {
				for _, use := range *load.Referrers() {
					if st, ok := use.(*ssa.Store); ok && st.Val == load && lint.IsNamed(load.Type(), "sync", "Pool") {
						return placeWithin(st.Addr, steps)
					}
				}
			}
			if st, ok := ref.(*ssa.Store); ok {
				if st.Val == v {
					return placeWithin(st.Addr, steps)
				}
				if st.Addr == v {
					if _, ok := st.Val.(*ssa.Parameter); ok {
						return placeWithin(st.Val, steps)
					}
				}
			}
		}
		// A pool in a local variable, for the closures that share it.
		if t := lint.Deref(lint.Deref(v.Type())); lint.IsNamed(t, "sync", "Pool") && v.Parent().Pkg != nil && token.IsIdentifier(v.Comment) && v.Heap {
			name := v.Comment
			if name == "complit" || name == "new" {
				name = "pool" // what the variable is called is lost
			}
			return place{key: v.Parent().Pkg.Pkg.Path() + "." + v.Parent().Name() + "." + name, param: -1}
		}
	case *ssa.Call:
		if fn := v.Call.StaticCallee(); fn != nil && fn.Object() != nil && fn.Object().Pkg() != nil {
			return place{key: fn.Object().Pkg().Path() + "." + fn.Name() + "()", param: -1}
		}
	}
	return nowhere
}

// typeKey names a named type that is no sync.Pool itself.
func typeKey(t types.Type) string {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || lint.IsNamed(t, "sync", "Pool") {
		return ""
	}
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
}

func isPoolMethod(c *ssa.CallCommon, name string) bool {
	fn := c.StaticCallee()
	// The wrapper of a method value has the object of the method, but no receiver.
	return fn != nil && fn.Signature.Recv() != nil && lint.IsMethod(fn.Object(), "sync", "Pool", name)
}

// IsPoolCall reports whether a call is one of sync.Pool.Get or Put.
func IsPoolCall(c *ssa.CallCommon) bool { return isPoolMethod(c, "Get") || isPoolMethod(c, "Put") }

// zero reports whether v is a zero value.
func zero(v ssa.Value) bool {
	c, ok := lazyssa.Strip(v).(*ssa.Const)
	if !ok {
		return false
	}
	if c.Value == nil {
		return true
	}
	switch c.Value.Kind() {
	case constant.Bool:
		return !constant.BoolVal(c.Value)
	case constant.String:
		return constant.StringVal(c.Value) == ""
	}
	return constant.Sign(c.Value) == 0
}

// emptied reports whether v is s[:0] for some s.
func emptied(v ssa.Value) bool {
	s, ok := lazyssa.Strip(v).(*ssa.Slice)
	return ok && s.High != nil && zero(s.High)
}

// empties reports whether v is what a function returns that returns nothing but nil or an
// empty part of a slice.
func empties(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok || call.Call.StaticCallee() == nil || call.Call.Signature().Results().Len() != 1 {
		return false
	}
	some := false
	for _, b := range call.Call.StaticCallee().Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			if !zero(ret.Results[0]) && !emptied(ret.Results[0]) {
				return false
			}
			some = true
		}
	}
	return some
}

// appended reports whether v is a slice that only append has changed: one that
// is cut as well may be a stack, and empty again.
func appended(v ssa.Value) bool {
	grown, seen := false, make(map[ssa.Value]bool)
	var only func(v ssa.Value) bool
	only = func(v ssa.Value) bool {
		if seen[v] {
			return true
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Call:
			if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
				grown = true
				return only(v.Call.Args[0])
			}
		case *ssa.Phi:
			return !slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return !only(e) })
		case *ssa.Slice:
			return emptied(v)
		case *ssa.UnOp, *ssa.TypeAssert, *ssa.Extract:
			return true
		}
		return zero(v) || made(v)
	}
	return only(v) && grown
}

// anew reports whether an appended slice started out empty.
func anew(v ssa.Value) bool {
	for range 8 {
		call, ok := v.(*ssa.Call)
		if !ok {
			return emptied(v) || zero(v) || made(v)
		}
		v = call.Call.Args[0]
	}
	return false
}

// composed reports whether v is a new struct with something in it.
func composed(v ssa.Value) bool {
	alloc, ok := v.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *alloc.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, use := range *fa.Referrers() {
			if st, ok := use.(*ssa.Store); ok && st.Addr == fa && !zero(st.Val) && !made(st.Val) {
				return true
			}
		}
	}
	return false
}

// made reports whether v is a value that was just created.
func made(v ssa.Value) bool {
	switch v := lazyssa.Strip(v).(type) {
	case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan:
		return true
	case *ssa.Slice:
		_, ok := v.X.(*ssa.Alloc)
		return ok
	}
	return false
}
