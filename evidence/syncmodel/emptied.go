package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
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
	m.indexFields()
	for _, fn := range m.funcs {
		if m.tests.Has(fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				of, field := m.empties(instr)
				if field == nil || !m.forGood(instr, field) {
					continue
				}
				if recv := m.leftWaiting(fn, of); recv != nil {
					found = append(found, Emptied{recv, instr})
				}
			}
		}
	}
	return found
}

// leftWaiting returns a bare receive from a channel of a map that a function empties, if all who tell
// something by such a channel look for it in the map.
func (m *Model) leftWaiting(fn *ssa.Function, of ssa.Value) *Op {
	c := m.content(m.node(of))
	if c.outside != 0 || len(c.makes) == 0 || !c.Has(Send) || c.Has(Range, Measure) {
		return nil
	}
	var recv *Op
	var tells []*Op
	for _, op := range c.ops {
		switch {
		case tellsEach(op) || op.Kind == Recv && !op.Bare():
			return nil
		case op.Kind == Send || op.Kind == Close:
			tells = append(tells, op)
		case op.Kind == Recv && op.Fn != fn && recv == nil:
			recv = op
		}
	}
	if m.above(tells)[fn] || slices.ContainsFunc(tells, m.knows) {
		return nil
	}
	return recv
}

// empties returns the map of channels, in a field of an object that was there before, which an instruction
// empties, or replaces by an empty one, and the field; or nil.
func (m *Model) empties(instr ssa.Instruction) (of ssa.Value, field *types.Var) {
	var fa *ssa.FieldAddr
	switch v := instr.(type) {
	case *ssa.Call:
		if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "clear" {
			of = v.Call.Args[0]
			fa = lazyssa.FieldLoaded(of)
		}
	case *ssa.Store:
		if _, empty := v.Val.(*ssa.MakeMap); empty && !m.setsUp(v) && len(*v.Val.Referrers()) == 1 {
			of = v.Val
			fa, _ = v.Addr.(*ssa.FieldAddr)
		}
	}
	if fa == nil || !holdsChans(of) {
		return nil, nil
	}
	return of, m.fieldOf(fa.X.Type(), fa.Field)
}

// forGood reports whether a map that is emptied is one that others may wait in, and who does it means the end:
// those who come later are turned away. It has not waited for those who are there, nor looked whether
// somebody is, nor put the map elsewhere.
func (m *Model) forGood(at ssa.Instruction, field *types.Var) bool {
	ofField := func(v ssa.Value) bool {
		fa, ok := v.(*ssa.FieldAddr)
		return ok && m.fieldOf(fa.X.Type(), fa.Field) == field
	}
	for cond := range lazyssa.Conditions(at.Block()) {
		if lazyssa.Mentions(cond, 4, ofField) {
			return false
		}
	}
	if !slices.ContainsFunc(m.fieldStores[field], m.setsUp) || m.waitsBefore(at, 2) || !m.turnsAway(at.Parent(), field) {
		return false
	}
	return !slices.ContainsFunc(m.fieldLoads[field], func(load ssa.Value) bool { return load.Parent() == at.Parent() && movesMap(load) })
}

// movesMap reports whether something is done with a map other than to look at what it has, or to change that.
func movesMap(load ssa.Value) bool {
	return slices.ContainsFunc(*load.Referrers(), func(use ssa.Instruction) bool {
		switch v := use.(type) {
		case *ssa.Lookup, *ssa.Range, *ssa.MapUpdate, *ssa.BinOp, *ssa.DebugRef:
			return false
		case *ssa.Call:
			_, builtin := v.Call.Value.(*ssa.Builtin)
			return !builtin
		}
		return true
	})
}

// waitsBefore reports whether a function waits for others before an instruction, or one that calls it, or that
// it calls.
func (m *Model) waitsBefore(at ssa.Instruction, up int) bool {
	for _, b := range at.Parent().Blocks {
		for _, instr := range b.Instrs {
			if lazyssa.Before(instr, at) && m.waitsIn(instr, 2) {
				return true
			}
		}
	}
	return up > 0 && slices.ContainsFunc(m.sites[at.Parent()], func(site ssa.CallInstruction) bool { return m.waitsBefore(site, up-1) })
}

// waitsIn reports whether an instruction waits for others, itself or in what it calls.
func (m *Model) waitsIn(instr ssa.Instruction, down int) bool {
	switch v := instr.(type) {
	case *ssa.UnOp:
		return v.Op == token.ARROW
	case *ssa.Select:
		return v.Blocking
	case *ssa.Call:
		if kind, ok := callKind(&v.Call); ok {
			return kind == Wait || kind == CondWait
		}
		fn := v.Call.StaticCallee()
		return fn != nil && m.inside(fn) && down > 0 && slices.ContainsFunc(origin(fn).Blocks, func(b *ssa.BasicBlock) bool {
			return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool { return m.waitsIn(instr, down-1) })
		})
	}
	return false
}

// turnsAway reports whether a function sets a flag, or an error, that those look at who put something into the
// map of a field, or who call them.
func (m *Model) turnsAway(fn *ssa.Function, field *types.Var) bool {
	enters := make(map[*ssa.Function]bool)
	for _, load := range m.fieldLoads[field] {
		if slices.ContainsFunc(*load.Referrers(), func(use ssa.Instruction) bool { _, puts := use.(*ssa.MapUpdate); return puts }) {
			enters[load.Parent()] = true
			for _, site := range m.sites[load.Parent()] {
				enters[site.Parent()] = true
			}
		}
	}
	for f, sts := range m.fieldStores {
		b, ok := f.Type().Underlying().(*types.Basic)
		if !lint.IsError(f.Type()) && (!ok || b.Kind() != types.Bool) || !slices.ContainsFunc(sts, func(st *ssa.Store) bool { return st.Parent() == fn }) {
			continue
		}
		if slices.ContainsFunc(m.fieldLoads[f], func(load ssa.Value) bool { return enters[load.Parent()] }) {
			return true
		}
	}
	return false
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
