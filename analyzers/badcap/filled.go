package badcap

import (
	"go/types"
	"slices"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"golang.org/x/tools/go/ssa"
)

// stored returns the input that a method puts into a field of its receiver, for
// another method to make room for, if nothing in the package compares the field
// with anything.
func (t *taint) stored(fa *ssa.FieldAddr, depth int, seen map[ssa.Value]bool) *source {
	f := lazyssa.Field(fa)
	if t.use == nil || fa.Parent() != t.use.Parent() || !ofReceiver(fa) || f.Exported() || f.Pkg() != t.Pkg || t.checked(f) {
		return nil
	}
	for _, s := range t.storesOf(f) {
		if !ofReceiver(s.Addr.(*ssa.FieldAddr)) || t.silent(s.Pos()) {
			continue
		}
		if src := t.trace(s.Val, s, depth+4, seen); src != nil {
			return src
		}
	}
	return nil
}

// storedBefore returns where the function sets the field that it then loads, of the same struct. If the struct is
// not its own, that must be in one place; of its own, nothing in the package may compare the field with anything.
func (t *taint) storedBefore(fa *ssa.FieldAddr, load *ssa.UnOp) (list []*ssa.Store) {
	f := lazyssa.Field(fa)
	_, given := fa.X.(*ssa.Parameter)
	if _, own := fa.X.(*ssa.Alloc); !given && (!own || t.checked(f)) {
		return nil
	}
	for _, s := range t.storesOf(f) {
		if s.Parent() != fa.Parent() || s.Addr.(*ssa.FieldAddr).X != fa.X {
			continue
		}
		if given && (len(list) > 0 || !s.Block().Dominates(load.Block())) {
			return nil
		}
		if comesBefore(s, load) {
			list = append(list, s)
		}
	}
	return list
}

// comesBefore reports whether b may be executed after a.
func comesBefore(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() {
		instrs := a.Block().Instrs
		return slices.Index(instrs, a) < slices.Index(instrs, b)
	}
	return reachable(a.Block(), b.Block())
}

// ofReceiver reports whether the field is one of the receiver of the method.
func ofReceiver(fa *ssa.FieldAddr) bool {
	p, ok := fa.X.(*ssa.Parameter)
	return ok && isReceiver(p)
}

// storesOf returns where the package sets a field that holds a number.
func (t *taint) storesOf(f *types.Var) []*ssa.Store {
	if t.stores == nil {
		t.stores = make(map[*types.Var][]*ssa.Store)
		for _, fn := range t.ssa.Funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if s, ok := instr.(*ssa.Store); ok && isInteger(s.Val.Type()) {
						if fa, ok := s.Addr.(*ssa.FieldAddr); ok {
							t.stores[lazyssa.Field(fa)] = append(t.stores[lazyssa.Field(fa)], s)
						}
					}
				}
			}
		}
	}
	return t.stores[f]
}

// sets reports whether v is loaded from a field that the function sets.
func (t *taint) sets(fn *ssa.Function, v ssa.Value) bool {
	fa := lazyssa.FieldLoaded(v)
	return fa != nil && slices.ContainsFunc(t.storesOf(lazyssa.Field(fa)), func(s *ssa.Store) bool { return s.Parent() == fn })
}

// filled returns the input that a function of the package puts into a field of the struct:
// one that is handed the address of the local variable x, or that x is the result of. It
// is nil if something in the package may compare the field of that struct with anything.
func (t *taint) filled(f *types.Var, x ssa.Value, depth int, seen map[ssa.Value]bool) *source {
	if f == nil || f.Pkg() != t.Pkg || !isInteger(f.Type()) || x.Parent() == nil {
		return nil
	}
	in := x.Parent()
	var fns []*ssa.Function
	note := func(call ssa.CallInstruction) {
		if fn := call.Common().StaticCallee(); fn != nil && origin(fn).Pkg == t.ssa.Pkg {
			fns = append(fns, origin(fn))
		}
	}
	if cell, ok := x.(*ssa.Alloc); ok {
		for _, ref := range *cell.Referrers() {
			switch ref := ref.(type) {
			case ssa.CallInstruction:
				note(ref)
			case *ssa.Store:
				if ref.Addr == cell {
					x = ref.Val
				}
			}
		}
	}
	if call, ok := part(x).(*ssa.Call); ok {
		note(call)
	}
	if len(fns) == 0 || t.checkedBetween(f, in, fns) {
		return nil
	}
	for _, s := range t.storesOf(f) {
		if !slices.Contains(fns, s.Parent()) {
			continue
		}
		if src := t.trace(s.Val, s, depth+4, seen); src != nil {
			return src
		}
	}
	return nil
}

func (t *taint) field(v *ssa.Field, depth int, seen map[ssa.Value]bool) *source {
	base, path := canon(v)
	if src := t.cells[base]; src != nil && path != "" {
		return src
	}
	s, ok := v.X.Type().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	if src := t.ofField(s.Field(v.Field), v.X.Type()); src != nil {
		return src
	}
	return t.filled(s.Field(v.Field), v.X, depth, seen)
}

// ofField returns the input if the field is one of a type that input is decoded
// into, and no code of the package checks it.
func (t *taint) ofField(f *types.Var, of types.Type) *source {
	named, ok := types.Unalias(of).(*types.Named)
	if !ok || f == nil || !isInteger(f.Type()) {
		return nil
	}
	src := t.types[named.Obj()]
	if src == nil || t.checked(f) {
		return nil
	}
	return src
}
