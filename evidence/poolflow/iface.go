package poolflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// only returns the method that a call of an interface of the package runs, if
// just one type of the package, tests aside, has the methods for it.
func (a *analyzer) only(c *ssa.CallCommon) *ssa.Function {
	named, ok := types.Unalias(c.Value.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() != a.pass.Pkg || named.TypeArgs().Len() > 0 {
		return nil
	}
	iface, ok := named.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	if m, ok := a.methods[c.Method]; ok {
		return m
	}
	var only *ssa.Function
	scope := a.pass.Pkg.Scope()
	n := 0
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) || lint.IsTest(a.pass, tn.Pos()) {
			continue
		}
		t, ok := tn.Type().(*types.Named)
		if !ok || t.TypeParams().Len() > 0 || !types.Implements(types.NewPointer(t), iface) {
			continue
		}
		n++
		sel := types.NewMethodSet(types.NewPointer(t)).Lookup(a.pass.Pkg, c.Method.Name())
		if fn, ok := sel.Obj().(*types.Func); ok && len(sel.Index()) == 1 {
			only = a.prog.Pkg.Prog.FuncValue(fn)
		}
	}
	if n != 1 || only == nil || a.local(only) == nil {
		only = nil
	}
	a.methods[c.Method] = only
	return only
}

// Only returns the method of the package that a call of one of its interfaces runs, if
// just one type has the methods for it, nil otherwise.
func (f *Flow) Only(c *ssa.CallCommon) *ssa.Function {
	if f.a == nil || !c.IsInvoke() {
		return nil
	}
	return f.a.only(c)
}

// arguments returns the arguments of a call, the receiver first.
func arguments(call ssa.CallInstruction) []ssa.Value {
	c := call.Common()
	if c.IsInvoke() {
		return append([]ssa.Value{c.Value}, c.Args...)
	}
	return c.Args
}
