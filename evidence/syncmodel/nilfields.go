package syncmodel

import (
	"go/token"
	"go/types"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"golang.org/x/tools/go/ssa"
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
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	f := m.fieldOf(fa.X.Type(), fa.Field)
	if f == nil || f.Pkg() != m.pass.Pkg || m.named(f) || m.fieldShared[f] || m.storedTo(f) {
		return nil
	}
	return f
}

// neverSet reports whether a value is loaded from a field that is always nil, and of which nobody asks
// whether it is.
func (m *Model) neverSet(ch ssa.Value) bool {
	f := m.unset(ch)
	if f == nil {
		return false
	}
	for _, v := range m.fieldLoads[f] {
		for _, ref := range *v.Referrers() {
			if cmp, ok := ref.(*ssa.BinOp); ok && (lazyssa.IsZero(cmp.X) || lazyssa.IsZero(cmp.Y)) {
				return false
			}
		}
	}
	return true
}
