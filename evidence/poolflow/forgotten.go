package poolflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// Forgotten is the one field that a reset leaves as it is, of an object that other packages take and give back.
type Forgotten struct {
	Reset Reset
	Field Field
	Put   *Put
	Read  token.Pos // where the package looks at the field
}

// Forgotten returns the field that a reset of the objects of a pool leaves while it clears all others, if only users in
// other packages can set it: nothing in this one does, though it looks at it. It holds text, bytes or a map, none
// of which is likely to be a setting.
func (f *Flow) Forgotten(pool *Pool) *Forgotten {
	a := f.a
	named, ok := types.Unalias(lint.Deref(pool.Elem)).(*types.Named)
	if !ok || named.Obj().Pkg() != a.pass.Pkg || !named.Obj().Exported() || !a.handsOut(pool) {
		return nil
	}
	slots := Fields(pool.Elem)
	for _, reset := range f.Resets(pool.Elem) {
		var left Slots
		for i, s := range slots {
			if reset.Leaves.Has(i) && !a.keeps(s.Var()) {
				left |= slot(i)
			}
		}
		if left.Len() != 1 || reset.Cleans.Len() < 3 {
			continue
		}
		for i, s := range slots {
			if !left.Has(i) || len(s.Path) > 1 || !s.Var().Exported() || !content(s.Var().Type()) {
				continue
			}
			kept := slot(i)
			put := a.leftAt(pool, &kept)
			if put == nil || kept == 0 || put.Fn.Object() == nil || !put.Fn.Object().Exported() {
				continue
			}
			if at := a.onlyRead(s.Var().Origin()); at.IsValid() {
				return &Forgotten{Reset: reset, Field: s, Put: put, Read: at}
			}
		}
	}
	return nil
}

// handsOut reports whether all that take an object from the pool are exported functions that return it as it is.
func (a *analyzer) handsOut(pool *Pool) bool {
	for _, get := range pool.Gets {
		if get.Fn.Object() == nil || !get.Fn.Object().Exported() || len(get.Reads) > 0 || len(a.acquired[get.Fn]) != 1 {
			return false
		}
		if acq := a.acquired[get.Fn][0]; acq.pool.key != pool.Key || acq.state.may != all {
			return false
		}
	}
	return len(pool.Gets) > 0
}

// content reports whether values of type t are what users store, rather than how they want something done.
func content(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Map:
		return true
	}
	return lint.IsString(t) || lint.IsBytes(t)
}

// onlyRead returns where the package loads a field, if all that it does with it is that.
func (a *analyzer) onlyRead(f *types.Var) (at token.Pos) {
	for _, ref := range a.prog.UsesOf(f) {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			if isMap(ref) && clearable(ref) {
				return token.NoPos
			}
			at = ref.Pos()
		default:
			return token.NoPos
		}
	}
	return at
}
