package poolalias

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// baseOf returns the value that an address belongs to, and what leads from there
// to the variable; "*" is the variable that a pointer points to.
func baseOf(addr ssa.Value) (ssa.Value, string) {
	switch v := addr.(type) {
	case *ssa.FieldAddr:
		base, path := baseOf(v.X)
		return base, path + "." + lazyssa.Field(v).Origin().Name()
	case *ssa.IndexAddr:
		base, path := baseOf(v.X)
		return base, path + "[]"
	case *ssa.UnOp:
		if v.Op == token.MUL {
			base, path := baseOf(v.X)
			return base, path + "*"
		}
	case *ssa.ChangeType:
		return baseOf(v.X)
	}
	return addr, "*"
}

// origins returns where the object that v is, or points to, comes from.
func origins(v ssa.Value, seen map[ssa.Value]bool) (list []origin) {
	if seen == nil {
		seen = make(map[ssa.Value]bool)
	}
	if seen[v] {
		return nil
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return origins(v.X, seen)
	case *ssa.ChangeInterface:
		return origins(v.X, seen)
	case *ssa.ChangeType:
		return origins(v.X, seen)
	case *ssa.Convert:
		return origins(v.X, seen)
	case *ssa.TypeAssert:
		return origins(v.X, seen)
	case *ssa.Slice:
		return origins(v.X, seen)
	case *ssa.Phi:
		for _, e := range v.Edges {
			list = append(list, origins(e, seen)...)
		}
		return list
	case *ssa.Extract:
		if ta, ok := v.Tuple.(*ssa.TypeAssert); ok && v.Index == 0 {
			return origins(ta.X, seen)
		}
		return []origin{{value: v, after: v}}
	case *ssa.Const, *ssa.Function, *ssa.Builtin, *ssa.MakeClosure:
		return nil
	case *ssa.Parameter, *ssa.FreeVar:
		return []origin{{value: v}}
	case *ssa.Alloc:
		stored := storedIn(v)
		if len(stored) == 0 {
			return []origin{{value: v, after: v}}
		}
		for _, val := range stored {
			list = append(list, origins(val, seen)...)
		}
		return list
	case *ssa.UnOp:
		if v.Op == token.MUL && !ofElement(v.X) {
			return loadOrigins(v.X, seen)
		}
		return []origin{{value: v, after: v}}
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
			return origins(v.Call.Args[0], seen)
		}
		return []origin{{value: v, after: v}}
	case ssa.Instruction:
		return []origin{{value: v.(ssa.Value), after: v.(ssa.Value)}}
	}
	return nil
}

// loadOrigins returns where what is stored at an address comes from.
func loadOrigins(addr ssa.Value, seen map[ssa.Value]bool) (list []origin) {
	switch a := addr.(type) {
	case *ssa.Alloc:
		for _, val := range storedIn(a) {
			list = append(list, origins(val, seen)...)
		}
		return list
	case *ssa.FieldAddr, *ssa.FreeVar, *ssa.Global:
		base, _ := baseOf(addr)
		o := origin{addr: addr}
		switch base := base.(type) {
		case *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
		case *ssa.Alloc:
			// What the function itself puts there has an origin of its own.
			for _, val := range fieldStores(base, addr) {
				list = append(list, origins(val, seen)...)
			}
			return list
		default:
			o.after = base
		}
		return []origin{o}
	}
	if p, ok := addr.(*ssa.Phi); ok {
		return origins(p, seen)
	}
	return origins(addr, seen)
}

// ofElement reports whether an address is that of an element of a slice or array,
// or within it: the next one is another one.
func ofElement(addr ssa.Value) bool {
	_, path := baseOf(addr)
	return strings.Contains(path, "[]")
}

// storedIn returns what a function stores in a local variable.
func storedIn(a *ssa.Alloc) (vals []ssa.Value) {
	for _, ref := range *a.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == a {
			vals = append(vals, st.Val)
		}
	}
	return vals
}

// fieldStores returns what a function stores in the field at addr of a local struct.
func fieldStores(base *ssa.Alloc, addr ssa.Value) (vals []ssa.Value) {
	_, path := baseOf(addr)
	var visit func(v ssa.Value)
	visit = func(v ssa.Value) {
		if v.Referrers() == nil {
			return
		}
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.FieldAddr:
				visit(ref)
			case *ssa.Store:
				if _, p := baseOf(ref.Addr); ref.Addr == v && p == path {
					vals = append(vals, ref.Val)
				}
			}
		}
	}
	visit(base)
	return vals
}
