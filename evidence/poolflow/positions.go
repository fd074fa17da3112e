package poolflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// positions is about a map field into which the package stores nothing but positions: in what a caller gave,
// or in the slice fields in of the same object. Other maps of computed values may be caches. What a position
// is one of is gone with its user.
type positions struct {
	in     []*types.Var
	others bool // it stores something else as well
}

// positions returns what is known of the positions in a map field.
func (a *analyzer) positions(f *types.Var) *positions {
	p := a.placed[f]
	if p == nil {
		p = new(positions)
		a.placed[f] = p
	}
	return p
}

// position notes what an insert stores into a map field.
func (a *analyzer) position(f *types.Var, up *ssa.MapUpdate) {
	p := a.positions(f)
	if turn(up.Value) {
		return
	}
	list := argumentOf(up.Value, "len")
	if list == nil || loaded(list) == nil || !sameObject(list, up.Map) {
		p.others = true
	} else if g := loaded(list); !slices.Contains(p.in, g) {
		p.in = append(p.in, g)
	}
}

// sameObject reports whether two loads are of fields of one struct.
func sameObject(x, y ssa.Value) bool {
	return x.(*ssa.UnOp).X.(*ssa.FieldAddr).X == y.(*ssa.UnOp).X.(*ssa.FieldAddr).X
}

// locates reports whether the map m holds positions only.
func (a *analyzer) locates(m ssa.Value) bool {
	if f := loaded(m); f != nil {
		p := a.placed[f]
		return p != nil && !p.others
	}
	found := false
	for _, ref := range *m.Referrers() {
		if up, ok := ref.(*ssa.MapUpdate); ok && up.Map == m {
			if !turn(up.Value) {
				return false
			}
			found = true
		}
	}
	return found
}

// lists returns the slots of the slices in which slot i holds positions.
func (w *walk) lists(i int) (m Slots) {
	p := w.placed[w.slots[i].Var().Origin()]
	if p == nil || p.others {
		return 0
	}
	for j, f := range w.slots {
		if slices.Contains(p.in, f.Var().Origin()) {
			m |= slot(j)
		}
	}
	return m
}

// turn reports whether v is the index of a loop over a slice that a caller gave.
func turn(v ssa.Value) bool {
	if conv, ok := v.(*ssa.Convert); ok {
		v = conv.X
	}
	next, ok := v.(*ssa.BinOp)
	if !ok || next.Op != token.ADD {
		return false
	}
	phi, ok := next.X.(*ssa.Phi)
	if !ok || !slices.Contains(phi.Edges, ssa.Value(next)) {
		return false
	}
	return slices.ContainsFunc(*next.Referrers(), func(ref ssa.Instruction) bool {
		op, ok := ref.(*ssa.BinOp)
		if !ok || op.Op != token.LSS || op.X != next {
			return false
		}
		list := argumentOf(op.Y, "len")
		for {
			cut, ok := list.(*ssa.Slice)
			if !ok {
				break
			}
			list = cut.X
		}
		_, ok = lazyssa.Strip(list).(*ssa.Parameter)
		return ok
	})
}
