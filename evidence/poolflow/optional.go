package poolflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// optionals finds the fields that code of the package sets only if there is
// something to set them to, as in
//
//	if err != nil {
//		r.err = err
//	}
//
// or by a method that does nothing else, or does so for some arguments only, and that nothing in the
// package ever clears: whoever leaves such a field as it is takes it to be zero. The position is that
// of such a store. Cleared are the fields that something clears, or may clear.
func optionals(fns []*ssa.Function) (set map[*types.Var]token.Pos, cleared map[*types.Var]bool) {
	set = make(map[*types.Var]token.Pos)
	begun := make(map[*types.Var]bool)
	some := make(map[*types.Var]token.Pos) // sets for some arguments
	cleared = make(map[*types.Var]bool)
	apart := takenApart(fns)
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					if st, ok := instr.Val.Type().Underlying().(*types.Struct); ok && !taken(instr.Addr) {
						whole(st, cleared)
					}
					if fa, ok := instr.Addr.(*ssa.FieldAddr); ok {
						f := lazyssa.Field(fa).Origin()
						begun[f] = begun[f] || begins(instr)
						if !some[f].IsValid() && setsForSome(instr) {
							some[f] = instr.Pos()
						}
					}
				case *ssa.FieldAddr:
					f := lazyssa.Field(instr).Origin()
					pos, ok := setsIfAny(instr)
					if !ok && !apart(instr.X) {
						cleared[f] = true
					} else if pos.IsValid() && !set[f].IsValid() {
						set[f] = pos
					}
				}
			}
		}
	}
	for f, pos := range some {
		if !begun[f] && !set[f].IsValid() {
			set[f] = pos
		}
	}
	for f := range cleared {
		delete(set, f)
	}
	return set, cleared
}

// taken reports whether addr is that of a local variable, or of an object that the function takes
// from a pool itself: who assigns that as a whole does so to no object of another function.
func taken(addr ssa.Value) bool {
	switch v := addr.(type) {
	case *ssa.Alloc:
		return true
	case *ssa.TypeAssert:
		call, ok := v.X.(*ssa.Call)
		return ok && isPoolMethod(&call.Call, "Get")
	}
	return false
}

// takenApart returns whether a value is an object that its function takes from a pool itself, of a type that
// several pools hold. What happens to it says nothing of the objects of the others; one pool's go round.
func takenApart(fns []*ssa.Function) func(ssa.Value) bool {
	pools := make(map[string]map[string]bool)
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if ta, ok := instr.(*ssa.TypeAssert); ok && taken(ta) {
					t := types.TypeString(ta.AssertedType, nil)
					if pools[t] == nil {
						pools[t] = make(map[string]bool)
					}
					pools[t][placeOf(ta.X.(*ssa.Call).Call.Args[0]).key] = true
				}
			}
		}
	}
	return func(v ssa.Value) bool {
		ta, ok := v.(*ssa.TypeAssert)
		return ok && taken(ta) && len(pools[types.TypeString(ta.AssertedType, nil)]) > 1
	}
}

// setsIfAny reports whether nothing that is done at the address of a field can clear
// it, and where it is set under the condition that there is something to be set.
func setsIfAny(addr *ssa.FieldAddr) (pos token.Pos, ok bool) {
	_, created := addr.X.(*ssa.Alloc)
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			if _, basic := ref.Type().Underlying().(*types.Basic); !basic && !types.IsInterface(ref.Type()) && clearable(ref) {
				return pos, false
			}
		case *ssa.Store:
			switch {
			case ref.Addr != addr, zero(ref.Val) && !created, emptied(ref.Val):
				return pos, false
			case !created && !ofOwner(ref.Val) && (ifAny(ref) || setter(ref)):
				pos = ref.Pos()
			}
		default:
			return pos, false
		}
	}
	return pos, true
}

// ofOwner reports whether a value is read from the field of an object that has a pool: it is the
// same for all who take something from that.
func ofOwner(v ssa.Value) bool {
	fa := lazyssa.FieldLoaded(lazyssa.Strip(v))
	if fa == nil {
		return false
	}
	owner, ok := lint.Deref(fa.X.Type()).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range owner.Fields() {
		if lint.IsNamed(lint.Deref(f.Type()), "sync", "Pool") {
			return true
		}
	}
	return false
}

// setter reports whether a store is all that an exported method does with its only
// argument: some users call it, and others do not.
func setter(st *ssa.Store) bool {
	fn := st.Parent()
	obj := fn.Object()
	if fn.Signature.Recv() == nil || obj == nil || !obj.Exported() || len(fn.Params) != 2 || st.Val != fn.Params[1] || len(fn.Blocks) != 1 {
		return false
	}
	fa, ok := st.Addr.(*ssa.FieldAddr)
	return ok && fa.X == fn.Params[0] && !ResetName(fn.Name())
}

// setsForSome reports whether a store is what an exported method does with an argument, or that it counts
// one more, if its arguments are of some kind: for all others the field stays as it is.
func setsForSome(st *ssa.Store) bool {
	fn := st.Parent()
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok || fn.Signature.Recv() == nil || fn.Signature.Results().Len() > 0 || fn.Object() == nil || !fn.Object().Exported() ||
		fa.X != fn.Params[0] || ResetName(fn.Name()) {
		return false
	}
	f := lazyssa.Field(fa).Origin()
	if sum, ok := st.Val.(*ssa.BinOp); !slices.Contains(fn.Params[1:], asParam(st.Val)) && !(ok && sum.Op == token.ADD && moves(sum, f)) {
		return false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			other, ok := instr.(*ssa.Store)
			if !ok || other == st {
				continue
			}
			to, ok := other.Addr.(*ssa.FieldAddr)
			if ok && to.X == fa.X && (to.Field == fa.Field || !st.Block().Dominates(b)) {
				return false // another one that says for all arguments whether this one counts
			}
		}
	}
	asks := false
	for cond := range lazyssa.Conditions(st.Block()) {
		if lazyssa.Mentions(cond, 4, func(v ssa.Value) bool { return v == fn.Params[0] }) {
			return false // it depends on what is there
		}
		asks = asks || lazyssa.Mentions(cond, 4, func(v ssa.Value) bool { return slices.Contains(fn.Params[1:], asParam(v)) })
	}
	return asks
}

// begins reports whether a store is one of those with which a function sets fields of its first
// parameter in any case: an object that is taken for a new use starts so.
func begins(st *ssa.Store) bool {
	fn := st.Parent()
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok || len(fn.Params) == 0 || fa.X != fn.Params[0] || st.Block() != fn.Blocks[0] {
		return false
	}
	return slices.ContainsFunc(st.Block().Instrs, func(instr ssa.Instruction) bool {
		other, ok := instr.(*ssa.Store)
		if !ok {
			return false
		}
		to, ok := other.Addr.(*ssa.FieldAddr)
		return ok && to.X == fa.X && to.Field != fa.Field
	})
}

func asParam(v ssa.Value) *ssa.Parameter {
	p, _ := v.(*ssa.Parameter)
	return p
}

// clearable reports whether a loaded map or slice may be emptied, here or elsewhere.
func clearable(load *ssa.UnOp) bool {
	switch load.Type().Underlying().(type) {
	case *types.Signature, *types.Chan:
		return false
	}
	for _, ref := range *load.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp, *ssa.Lookup, *ssa.Range, *ssa.IndexAddr, *ssa.FieldAddr, *ssa.Return, *ssa.MapUpdate:
		case *ssa.Call:
			if b, ok := ref.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" && b.Name() != "append" {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// ifAny reports whether a store depends on whether its value is something else
// than zero, or was there at all.
func ifAny(st *ssa.Store) bool {
	b := st.Block()
	if len(b.Preds) != 1 {
		return false
	}
	from := b.Preds[0]
	test, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If)
	if !ok || from.Succs[0] == from.Succs[1] {
		return false
	}
	holds := from.Succs[0] == b
	val := lazyssa.Strip(st.Val)
	if ta, ok := val.(*ssa.TypeAssert); ok && !ta.CommaOk {
		val = ta.X
	}
	switch cond := test.Cond.(type) {
	case *ssa.Extract:
		ext, ok := val.(*ssa.Extract)
		return ok && holds && ext.Tuple == cond.Tuple && ext.Index < cond.Index
	case *ssa.BinOp:
		x := cond.X
		if call, ok := x.(*ssa.Call); ok {
			if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
				x = call.Call.Args[0]
			}
		}
		if !zero(cond.Y) || lazyssa.Strip(x) != val && !same(x, val) {
			return false
		}
		switch cond.Op {
		case token.NEQ, token.GTR:
			return holds
		case token.EQL:
			return !holds
		}
	}
	return false
}

// optional returns the slots that are optional, and at this point may be set by this
// user and may be as they were.
func (w *walk) optional(st *state) (m Slots) {
	for i, f := range w.slots {
		if _, ok := w.options[f.Var().Origin()]; ok && st.dirty.Has(i) && st.may.Has(i) && !w.skip.Has(i) {
			m |= slot(i)
		}
	}
	return m
}

// shown notes that code out of sight gets to see the object, and with it whatever
// is in its optional fields, if it can name them, or in others, by its methods.
func (w *walk) shown(st *state, instr ssa.Instruction, outside bool) {
	opt := w.optional(st)
	for i, f := range w.slots {
		if _, ok := w.sticky[f.Var().Origin()]; ok && w.record && st.may.Has(i) && !w.skip.Has(i) {
			w.eff.shown |= slot(i)
		}
		if opt.Has(i) && (!outside || f.Var().Exported()) {
			w.observe(st, i, instr)
		}
	}
}
