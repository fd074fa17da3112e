package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An Emptied is a bare receive from a channel that others find in a map, which a function empties without
// a word to those who wait.
type Emptied struct {
	Recv *Op
	At   ssa.Instruction // empties the map
}

// Emptied returns such receives of the package. Where anybody closes the channels of a map, or sends to
// each of them, it may be for this.
func (m *Model) Emptied() (found []Emptied) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, fn := range m.funcs {
		if m.tests.Has(fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				of := m.empties(instr)
				if of == nil {
					continue
				}
				c := m.content(m.node(of))
				if c.outside != 0 || len(c.makes) == 0 || !c.Has(Send) || c.Has(Range, Measure) || slices.ContainsFunc(c.ops, tellsEach) {
					continue
				}
				tells := slices.DeleteFunc(slices.Clone(c.ops), func(op *Op) bool { return op.Kind != Send && op.Kind != Close })
				i := slices.IndexFunc(c.ops, func(op *Op) bool { return op.Kind == Recv && op.Fn != fn })
				if i < 0 || m.above(tells)[fn] || slices.ContainsFunc(tells, m.knows) || slices.ContainsFunc(c.ops, func(op *Op) bool { return op.Kind == Recv && !op.Bare() }) {
					continue
				}
				found = append(found, Emptied{c.ops[i], instr})
			}
		}
	}
	return found
}

// empties returns the map of channels, in a field of an object that was there before, which an instruction
// empties, or replaces by an empty one; or nil.
func (m *Model) empties(instr ssa.Instruction) ssa.Value {
	var of ssa.Value
	switch v := instr.(type) {
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "clear" {
			of = v.Call.Args[0]
		}
	case *ssa.Store:
		_, field := v.Addr.(*ssa.FieldAddr)
		_, empty := v.Val.(*ssa.MakeMap)
		if field && empty && !m.setsUp(v) && v.Val.Referrers() != nil && len(*v.Val.Referrers()) == 1 {
			of = v.Val
		}
	}
	if of == nil || !holdsChans(of) {
		return nil
	}
	return of
}

// knows reports whether who does an operation may have the channel from elsewhere than the map.
func (m *Model) knows(op *Op) bool {
	v, _ := m.trace(op.Object, nil)
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	switch v := v.(type) {
	case *ssa.Lookup:
		return false
	case *ssa.Call:
		return v.Call.StaticCallee() == nil || !m.inside(v.Call.StaticCallee())
	}
	return true
}

// tellsEach reports whether an operation tells one after the other of those who are in a map something.
func tellsEach(op *Op) bool {
	if op.Kind != Send && op.Kind != Close {
		return false
	}
	x, ok := op.Object.(*ssa.Extract)
	if !ok {
		return false
	}
	_, each := x.Tuple.(*ssa.Next)
	return each || inCycle(op.Instr.Block()) && x.Parent() == op.Fn
}

// holdsChans reports whether a value is a map of channels.
func holdsChans(v ssa.Value) bool {
	t, ok := v.Type().Underlying().(*types.Map)
	return ok && isChan(t.Elem())
}
