package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// callees returns the functions of the package that a call may be to, at most a few.
func (l *Locks) callees(call ssa.CallInstruction) []*ssa.Function {
	c := call.Common()
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return nil
	}
	if fn := c.StaticCallee(); fn != nil {
		if fn = origin(fn); l.m.inside(fn) {
			return []*ssa.Function{fn}
		}
		if lint.IsMethod(fn.Object(), "sync", "Once", "Do") {
			return l.m.funcsOf(c.Args[1])
		}
		if formats(c) {
			return l.m.formatters(c)
		}
		return nil
	}
	return l.m.dynamic(call)
}

// maxCallees bounds the functions that a call through a value is followed to.
const maxCallees = 4

// funcsOf returns the functions of the package that a function value may be.
func (m *Model) funcsOf(v ssa.Value) []*ssa.Function {
	if mc, ok := v.(*ssa.MakeClosure); ok {
		if fn := origin(mc.Fn.(*ssa.Function)); m.inside(fn) {
			return []*ssa.Function{fn}
		}
	}
	if _, ok := v.(*ssa.Const); ok {
		return nil
	}
	var fns []*ssa.Function
	for _, fn := range m.node(v).funcs {
		if fn = origin(fn); m.inside(fn) && !slices.Contains(fns, fn) {
			fns = append(fns, fn)
		}
	}
	if len(fns) > maxCallees {
		return nil
	}
	return fns
}

// dynamic returns the functions of the package that a call through a function value
// or an interface may be to.
func (m *Model) dynamic(call ssa.CallInstruction) []*ssa.Function {
	c := call.Common()
	if !c.IsInvoke() {
		return slices.DeleteFunc(m.funcsOf(c.Value), func(fn *ssa.Function) bool {
			return !types.Identical(dropRecv(fn), dropRecv2(c.Signature()))
		})
	}
	var fns []*ssa.Function
	for _, t := range m.node(c.Value).types {
		if fn := m.method(t, c.Method); fn != nil {
			if fn = origin(fn); !slices.Contains(fns, fn) {
				fns = append(fns, fn)
			}
		}
	}
	if len(fns) > maxCallees {
		return nil
	}
	return fns
}

// known reports whether a call can be to nothing but what callees returns.
func (m *Model) known(call ssa.CallInstruction) bool {
	c := call.Common()
	return c.StaticCallee() != nil || m.node(c.Value).outside == 0
}

// targets returns the functions of the package that a call through a value or an interface
// may be to, however many.
func (m *Model) targets(call ssa.CallInstruction) (fns []*ssa.Function) {
	c := call.Common()
	switch c.Value.(type) {
	case *ssa.Builtin, *ssa.Const:
		return nil
	}
	if fn := c.StaticCallee(); fn != nil {
		return []*ssa.Function{origin(fn)}
	}
	n := m.node(c.Value)
	if !c.IsInvoke() {
		for _, fn := range n.funcs {
			fns = append(fns, origin(fn))
		}
		return fns
	}
	for _, t := range n.types {
		if fn := m.method(t, c.Method); fn != nil {
			fns = append(fns, origin(fn))
		}
	}
	return fns
}

// above returns the functions of some operations and all that call them, make literals of
// them or start them.
func (m *Model) above(ops []*Op) map[*ssa.Function]bool {
	if m.users == nil {
		m.users = make(map[*ssa.Function][]*ssa.Function)
		for _, f := range m.funcs {
			for _, b := range f.Blocks {
				for _, instr := range b.Instrs {
					m.noteUses(f, instr)
				}
			}
		}
	}
	set := make(map[*ssa.Function]bool)
	work := functions(ops)
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		if !set[fn] {
			set[fn] = true
			work = append(work, m.users[fn]...)
		}
	}
	return set
}

// noteUses notes which functions an instruction calls or makes values of.
func (m *Model) noteUses(f *ssa.Function, instr ssa.Instruction) {
	use := func(fn *ssa.Function) {
		if fn = origin(fn); m.inside(fn) {
			m.users[fn] = append(m.users[fn], f)
		}
	}
	for _, op := range instr.Operands(nil) {
		switch v := (*op).(type) {
		case *ssa.Function:
			use(v)
		case *ssa.MakeClosure:
			use(v.Fn.(*ssa.Function))
		}
	}
	if mc, ok := instr.(*ssa.MakeClosure); ok {
		use(mc.Fn.(*ssa.Function))
	}
	if call, ok := instr.(ssa.CallInstruction); ok && call.Common().StaticCallee() == nil {
		for _, fn := range m.targets(call) {
			use(fn)
		}
	}
}

// Sites returns the calls of a function that are known, the go statements among them.
func (m *Model) Sites(fn *ssa.Function) []ssa.CallInstruction { return m.sites[fn] }
