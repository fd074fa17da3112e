package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// An OptionalChan is a bare operation on a channel that only an option sets, which callers need not give.
type OptionalChan struct {
	Op     *Op
	Option *ssa.Function // that sets it
}

// OptionalChans returns the operations that block for ever where an option has not been given, and of
// whose channels nobody asks whether they are there.
func (m *Model) OptionalChans() (found []OptionalChan) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.indexFields()
	for _, c := range m.order {
		if c.up != nil {
			continue
		}
		for _, op := range c.ops {
			if !op.Bare() || op.Kind != Send && op.Kind != Recv && op.Kind != Range {
				continue
			}
			if f := m.ownField(op.Object); f != nil && len(m.nilTests(f)) == 0 {
				if option := m.optionOf(f); option != nil && !m.knowsOption(op, option) {
					found = append(found, OptionalChan{op, option.Parent()})
				}
			}
		}
	}
	return found
}

// optionOf returns the literal that alone sets a field, if an exported function returns it as an option
// of another one, which takes as many of them as callers like.
func (m *Model) optionOf(f *types.Var) *ssa.Function {
	sts := m.fieldStores[f]
	if len(sts) != 1 || lazyssa.IsZero(sts[0].Val) {
		return nil
	}
	lit := sts[0].Parent()
	by := lit.Parent()
	if by == nil || by.Object() == nil || !by.Object().Exported() || by.Signature.Results().Len() != 1 || m.taken[by] {
		return nil
	}
	if slices.ContainsFunc(m.sites[by], func(site ssa.CallInstruction) bool { return !m.tests.Has(site.Pos()) }) {
		return nil // the package gives it itself, as one that there is from the beginning
	}
	option, ok := types.Unalias(by.Signature.Results().At(0).Type()).(*types.Named)
	if !ok || !slices.ContainsFunc(m.funcs, func(fn *ssa.Function) bool { return takesOptions(fn, option) }) {
		return nil
	}
	return lit
}

// takesOptions reports whether an exported function takes any number of options of a type.
func takesOptions(fn *ssa.Function, option types.Type) bool {
	if fn.Object() == nil || !fn.Object().Exported() || !fn.Signature.Variadic() {
		return false
	}
	list, ok := fn.Signature.Params().At(fn.Signature.Params().Len() - 1).Type().(*types.Slice)
	return ok && types.Identical(list.Elem(), option)
}

// knowsOption reports whether something that the option sets as well decides if the operation is reached.
func (m *Model) knowsOption(op *Op, option *ssa.Function) bool {
	for test := range flagsBefore(op.Instr, nil) {
		f := flagField(test.Cond)
		if f == nil || slices.ContainsFunc(m.fieldStores[f], func(st *ssa.Store) bool { return st.Parent() == option }) {
			return true
		}
	}
	return false
}
