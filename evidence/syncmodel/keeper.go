package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Kept reports whether a function of the package that gets the object of a contract as
// parameter i neither ends its goroutine nor gives it away.
func (m *Model) Kept(c *Contract, fn *ssa.Function, i int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := &keeper{m: m, c: c, memo: make(map[keeperKey]bool)}
	return m.inside(fn) && i < len(origin(fn).Params) && k.param(fn, i)
}

// KeptIn reports whether the object of a contract that is stored in a field stays with those who have
// the field, all of them in the package, and none of them ends its goroutine.
func (m *Model) KeptIn(c *Contract, addr *ssa.FieldAddr) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.indexFields()
	f := m.fieldOf(addr.X.Type(), addr.Field)
	k := &keeper{m: m, c: c, memo: make(map[keeperKey]bool)}
	return f != nil && !f.Exported() && !f.Embedded() && !m.fieldShared[f] && !slices.ContainsFunc(m.fieldLoads[f], func(v ssa.Value) bool { return !k.keeps(v, false) })
}

// keeperKey is a question about parameter i of a function, or about a variable or phi: does its maker ask?
type keeperKey struct {
	of    any
	i     int
	maker bool
}

// keeper follows the object of a contract.
type keeper struct {
	m    *Model
	c    *Contract
	memo map[keeperKey]bool

	close bool // what ends one goroutine of several by a send does not count
}

func (k *keeper) param(fn *ssa.Function, i int) bool {
	fn = origin(fn)
	return k.once(keeperKey{of: fn, i: i}, func() bool {
		return len(fn.Blocks) > 0 && i < len(fn.Params) && k.keeps(fn.Params[i], false)
	})
}

// once returns the answer to a question, which is worked out the first time. Of functions that call each
// other, or variables that get their values from each other, one must do it.
func (k *keeper) once(key keeperKey, judge func() bool) bool {
	if v, ok := k.memo[key]; ok {
		return v
	}
	k.memo[key] = true
	v := judge()
	k.memo[key] = v
	return v
}

// keeps reports whether nothing is done with a value, the object or a copy of it, that
// ends the goroutine or gives the object to others. A maker may set it up and return it.
func (k *keeper) keeps(v ssa.Value, maker bool) bool {
	refs := v.Referrers()
	if refs == nil {
		return false
	}
	for _, ref := range *refs {
		ok := false
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
			ok = true
		case *ssa.Return:
			ok = maker
		case *ssa.FieldAddr:
			f := k.m.fieldOf(ref.X.Type(), ref.Field)
			ok = !k.c.fields[f] || k.looks(ref, maker)
		case *ssa.Field:
			f := k.m.fieldOf(ref.X.Type(), ref.Field)
			ok = !k.c.fields[f] || ReceivedOnly(ref)
		case *ssa.UnOp:
			ok = k.keeps(ref, maker)
		case *ssa.Phi:
			ok = k.once(keeperKey{of: ref, maker: maker}, func() bool { return k.keeps(ref, maker) })
		case *ssa.Store:
			if a, local := ref.Addr.(*ssa.Alloc); ref.Addr == v {
				ok = maker
			} else if local && a != v {
				ok = k.variable(a, maker)
			}
		case *ssa.MakeClosure:
			ok = true
			for i, b := range ref.Bindings {
				if b == v && ok {
					fv := ref.Fn.(*ssa.Function).FreeVars[min(i, len(ref.Fn.(*ssa.Function).FreeVars)-1)]
					if _, addr := v.(*ssa.Alloc); addr {
						ok = k.variable(fv, maker)
					} else {
						ok = k.m.wrapped(ref) == nil && k.keeps(fv, false)
					}
				}
			}
		case ssa.CallInstruction:
			c := ref.Common()
			fn := c.StaticCallee()
			ok = fn != nil && !c.IsInvoke() && k.m.inside(fn) && c.Value != v
			for i, a := range c.Args {
				if a == v && ok {
					ok = k.param(fn, i)
				}
			}
		}
		if !ok {
			return false
		}
	}
	return true
}

// variable follows the object in a variable that holds it.
func (k *keeper) variable(addr ssa.Value, maker bool) bool {
	return k.once(keeperKey{of: addr, maker: maker}, func() bool { return k.holds(addr, maker) })
}

func (k *keeper) holds(addr ssa.Value, maker bool) bool {
	for _, ref := range *addr.Referrers() {
		ok := false
		switch ref := ref.(type) {
		case *ssa.DebugRef:
			ok = true
		case *ssa.Store:
			ok = ref.Addr == addr
		case *ssa.UnOp:
			ok = k.keeps(ref, maker)
		case *ssa.FieldAddr: // the variable is the object
			f := k.m.fieldOf(ref.X.Type(), ref.Field)
			ok = !k.c.fields[f] || k.looks(ref, maker)
		case *ssa.MakeClosure:
			ok = true
			for i, b := range ref.Bindings {
				if b == addr && ok {
					ok = k.variable(ref.Fn.(*ssa.Function).FreeVars[i], maker)
				}
			}
		}
		if !ok {
			return false
		}
	}
	return true
}

// looks reports whether a field that ends the goroutine is only received from, or set by
// the maker.
func (k *keeper) looks(addr *ssa.FieldAddr, maker bool) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != addr || !maker {
				return false
			}
		case *ssa.UnOp:
			if !ReceivedOnly(ref) {
				return false
			}
		case *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

// ReceivedOnly reports whether nothing is done with a channel but to receive from it.
func ReceivedOnly(ch ssa.Value) bool {
	for _, ref := range *ch.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef, *ssa.BinOp:
		case *ssa.Select:
			for _, st := range ref.States {
				if st.Chan == ch && st.Dir != types.RecvOnly {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// ends reports whether a function closes, sends to or calls one of the fields.
func (k *keeper) ends(fn *ssa.Function, seen map[*ssa.Function]bool) bool {
	if fn = origin(fn); seen[fn] || !k.m.inside(fn) {
		return false
	}
	seen[fn] = true
	field := func(v ssa.Value, send bool) bool {
		v, _ = k.m.trace(v, nil)
		var f *types.Var
		switch v := v.(type) {
		case *ssa.UnOp:
			if fa, ok := v.X.(*ssa.FieldAddr); ok {
				f = k.m.fieldOf(fa.X.Type(), fa.Field)
			}
		case *ssa.Field:
			f = k.m.fieldOf(v.X.Type(), v.Field)
		}
		return k.c.fields[f] && !(send && (k.close || k.c.ranges[f]))
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.Send:
				if field(v.Chan, true) {
					return true
				}
			case *ssa.Select:
				for _, st := range v.States {
					if st.Dir == types.SendOnly && field(st.Chan, true) {
						return true
					}
				}
			case ssa.CallInstruction:
				c := v.Common()
				if b, ok := c.Value.(*ssa.Builtin); ok {
					if b.Name() == "close" && field(c.Args[0], false) {
						return true
					}
					continue
				}
				if !c.IsInvoke() && field(c.Value, false) {
					return true
				}
				if callee := c.StaticCallee(); callee != nil && k.ends(callee, seen) {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(lit *ssa.Function) bool { return k.ends(lit, seen) })
}
