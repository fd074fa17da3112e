package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// NilFields returns the operations on a channel in a field of a struct of the package that
// nobody ever sets, and of which nobody asks whether it is set.
func (m *Model) NilFields() (ops []*Op) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.indexFields()
	for _, c := range m.order {
		if c.up != nil || c.outside != 0 || len(c.makes) > 0 {
			continue
		}
		for _, op := range c.ops {
			if op.Bare() && (op.Kind == Send || op.Kind == Recv || op.Kind == Range) && m.neverSet(op.Object) {
				ops = append(ops, op)
			}
		}
	}
	return ops
}

// storedTo reports whether any function sets a field, also one that nobody calls: the value
// is as dead as that, then.
func (m *Model) storedTo(f *types.Var) bool {
	for _, fn := range m.ssa.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok || lazyssa.IsZero(st.Val) {
					continue
				}
				if fa, ok := st.Addr.(*ssa.FieldAddr); ok && m.fieldOf(fa.X.Type(), fa.Field) == f {
					return true
				}
			}
		}
	}
	return false
}

// NeverSet reports whether v is loaded from a field that is always nil: what is done with it is not
// done.
func (m *Model) NeverSet(v ssa.Value) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.indexFields()
	return m.unset(v) != nil
}

// unset returns the field that v is loaded from if no function sets it, or nil.
func (m *Model) unset(v ssa.Value) *types.Var {
	f := m.ownField(v)
	if f == nil || m.storedTo(f) {
		return nil
	}
	return f
}

// ownField returns the field that v is loaded from if only the package can set it, or nil.
func (m *Model) ownField(v ssa.Value) *types.Var {
	fa := lazyssa.FieldLoaded(v)
	if fa == nil {
		return nil
	}
	if _, ok := types.Unalias(lint.Deref(fa.X.Type())).(*types.Named); !ok {
		return nil // other places may write the same type
	}
	f := m.fieldOf(fa.X.Type(), fa.Field)
	if f == nil || f.Pkg() != m.pass.Pkg || m.named(f) || m.fieldShared[f] {
		return nil
	}
	return f
}

// neverSet reports whether a value is loaded from a field that is always nil, and of which nobody asks
// whether it is.
func (m *Model) neverSet(ch ssa.Value) bool {
	f := m.unset(ch)
	return f != nil && len(m.nilTests(f)) == 0
}

// nilTests returns where somebody asks whether a field is set.
func (m *Model) nilTests(f *types.Var) (tests []*ssa.BinOp) {
	for _, v := range m.fieldLoads[f] {
		for _, ref := range *v.Referrers() {
			if cmp, ok := ref.(*ssa.BinOp); ok && (lazyssa.IsZero(cmp.X) || lazyssa.IsZero(cmp.Y)) {
				tests = append(tests, cmp)
			}
		}
	}
	return tests
}

// askedHere reports whether somebody asks if a field is set, and goes by that: a function that returns
// the answer, or the channel, lets others ask before they call another one.
func (m *Model) askedHere(f *types.Var) bool {
	tests := m.nilTests(f)
	return len(tests) > 0 && !slices.ContainsFunc(tests, func(test *ssa.BinOp) bool {
		return slices.ContainsFunc(*test.Referrers(), func(ref ssa.Instruction) bool {
			switch ref.(type) {
			case *ssa.If, *ssa.DebugRef:
				return false
			}
			return true
		})
	}) && !slices.ContainsFunc(m.fieldLoads[f], func(load ssa.Value) bool {
		return slices.ContainsFunc(*load.Referrers(), func(ref ssa.Instruction) bool {
			_, ok := ref.(*ssa.Return)
			return ok
		})
	})
}

// A SometimesNil is an operation on a channel in a field that some objects are made without: others
// ask whether it is set, or the function itself asks for another field that always comes with it, and
// this one does not.
type SometimesNil struct {
	Op   *Op
	Made *ssa.Alloc // an object without the channel
	With *types.Var // the other field, if it is that which is asked for
	Sure bool       // nothing that is asked before has to do with the object
}

// SometimesNil returns such operations of the package.
func (m *Model) SometimesNil() (found []SometimesNil) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.indexFields()
	without := make(map[*types.Var]*ssa.Alloc)
	for _, c := range m.order {
		if c.up != nil {
			continue
		}
		for _, op := range c.ops {
			if !op.Bare() || op.Kind != Send && op.Kind != Recv && op.Kind != Range {
				continue
			}
			f := m.ownField(op.Object)
			if f == nil || m.asksFirst(op.Fn, op.Instr.Block(), f, 3) {
				continue
			}
			var with *types.Var
			if !m.askedHere(f) {
				if with = m.askedFor(op, f); with == nil {
					continue
				}
			}
			made, ok := without[f]
			if !ok {
				made = m.madeWithout(f)
				without[f] = made
			}
			if made != nil {
				sure := with != nil && !m.calledFor(f, op.Fn) || with == nil && m.named(op.Fn.Object()) && !m.calledKnowing(op.Fn)
				for cond := range lazyssa.Conditions(op.Instr.Block()) {
					sure = sure && aboutError(cond)
				}
				if with != nil && !sure {
					continue
				}
				found = append(found, SometimesNil{op, made, with, sure})
			}
		}
	}
	return found
}

// askedFor returns a field for which the function of an operation asks, on the way to it or not, and
// which no object has without the field of the operation or the other way round; nil if there is none.
func (m *Model) askedFor(op *Op, f *types.Var) *types.Var {
	for _, st := range m.fieldStores[f] {
		for _, instr := range st.Block().Instrs {
			other, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			fa, ok := other.Addr.(*ssa.FieldAddr)
			if !ok || fa.X != st.Addr.(*ssa.FieldAddr).X {
				continue
			}
			g := m.fieldOf(fa.X.Type(), fa.Field)
			if g == nil || g == f || m.named(g) || m.fieldShared[g] || !m.setTogether(f, g) || !m.setTogether(g, f) || m.asksFirst(op.Fn, op.Instr.Block(), g, 3) {
				continue
			}
			if slices.ContainsFunc(m.nilTests(g), func(test *ssa.BinOp) bool { return test.Parent() == op.Fn }) {
				return g
			}
		}
	}
	return nil
}

// setTogether reports whether every object that gets a field, in the function that makes it, gets another
// one on the same way.
func (m *Model) setTogether(f, with *types.Var) bool {
	return !slices.ContainsFunc(m.fieldStores[f], func(st *ssa.Store) bool {
		a, made := st.Addr.(*ssa.FieldAddr).X.(*ssa.Alloc)
		return lazyssa.IsZero(st.Val) || !made || !slices.ContainsFunc(m.fieldStores[with], func(other *ssa.Store) bool {
			return other.Block() == st.Block() && other.Addr.(*ssa.FieldAddr).X == a
		})
	})
}

// asksFirst reports whether a condition on a field decides if a block of a function is come to, in
// the function itself or where it is called, started or made.
func (m *Model) asksFirst(fn *ssa.Function, b *ssa.BasicBlock, f *types.Var, depth int) bool {
	if depth == 0 || m.decides(f, b) {
		return true
	}
	for _, site := range m.sites[fn] {
		if m.asksFirst(site.Parent(), site.Block(), f, depth-1) {
			return true
		}
	}
	for mc := range lazyssa.Closures(fn) {
		if m.asksFirst(mc.Parent(), mc.Block(), f, depth-1) {
			return true
		}
	}
	return false
}

// madeWithout returns an object that a function of the package makes, for others to use, without
// setting a field on every way to a return; nil if there is none, or if the field is ever set
// later.
func (m *Model) madeWithout(f *types.Var) *ssa.Alloc {
	for _, st := range m.fieldStores[f] {
		a, ok := st.Addr.(*ssa.FieldAddr).X.(*ssa.Alloc)
		if !lazyssa.IsZero(st.Val) && (!ok || copied(a)) {
			return nil
		}
	}
	for _, fn := range m.funcs {
		if m.tests.Has(fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				a, ok := instr.(*ssa.Alloc)
				if ok && m.hasField(a, f) && m.returnedWithout(a, f) {
					return a
				}
			}
		}
	}
	return nil
}

// calledKnowing reports whether a method is called by somebody of the package who may know which of
// the objects it is: it is not its own.
func (m *Model) calledKnowing(method *ssa.Function) bool {
	return slices.ContainsFunc(m.sites[method], func(site ssa.CallInstruction) bool {
		args := site.Common().Args
		if len(args) == 0 || m.tests.Has(site.Pos()) {
			return false
		}
		_, own := args[0].(*ssa.Parameter)
		return !own
	})
}

// calledFor reports whether a condition on any field of the struct that has f decides if a function of the
// package is called.
func (m *Model) calledFor(f *types.Var, fn *ssa.Function) bool {
	return slices.ContainsFunc(m.sites[fn], func(site ssa.CallInstruction) bool {
		for cond := range lazyssa.Conditions(site.Block()) {
			if lazyssa.Mentions(cond, 4, func(v ssa.Value) bool {
				fa, ok := v.(*ssa.FieldAddr)
				return ok && m.hasField(fa.X, f)
			}) {
				return true
			}
		}
		return false
	})
}

// copied reports whether a struct is loaded as a whole, perhaps to be put into another object.
func copied(a *ssa.Alloc) bool {
	return slices.ContainsFunc(*a.Referrers(), func(ref ssa.Instruction) bool {
		_, ok := ref.(*ssa.UnOp)
		return ok
	})
}

// hasField reports whether an object is a struct with a field.
func (m *Model) hasField(a ssa.Value, f *types.Var) bool {
	st, ok := lint.Deref(a.Type()).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range st.NumFields() {
		if m.fieldOf(a.Type(), i) == f {
			return true
		}
	}
	return false
}

// returnedWithout reports whether an object is returned, and no store to its field is on every
// way to that.
func (m *Model) returnedWithout(a *ssa.Alloc, f *types.Var) bool {
	var sets []*ssa.Store
	var ret *ssa.Return
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			if m.fieldOf(ref.X.Type(), ref.Field) != f {
				continue
			}
			for _, use := range *ref.Referrers() {
				if st, ok := use.(*ssa.Store); ok && st.Addr == ref {
					sets = append(sets, st)
				}
			}
		case *ssa.Store:
			if ref.Addr == a {
				return false // a copy of another one
			}
		case *ssa.Return:
			ret = ref
		}
	}
	return ret != nil && !slices.ContainsFunc(sets, func(st *ssa.Store) bool { return precedes(st, ret) || m.decides(f, st.Block()) })
}

// decides reports whether a condition on a field decides if a block is come to.
func (m *Model) decides(f *types.Var, b *ssa.BasicBlock) bool {
	for cond := range lazyssa.Conditions(b) {
		if lazyssa.Mentions(cond, 4, func(v ssa.Value) bool { return m.ownField(v) == f }) {
			return true
		}
	}
	return false
}
