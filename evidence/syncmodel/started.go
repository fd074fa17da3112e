package syncmodel

import (
	"golang.org/x/tools/go/ssa"
)

// usage are the calls that start goroutines of a function.
type usage struct {
	calls []ssa.CallInstruction
	other bool // something else is done with the function, too
}

// onlyGoes reports whether a function is that of goroutines only.
func (m *Model) onlyGoes(fn *ssa.Function) bool {
	s := m.startsOf(fn)
	return len(s.calls) > 0 && !s.other && !m.named(fn.Object())
}

// startsOf returns the go statements, and the calls of WaitGroup.Go, that start a function.
func (m *Model) startsOf(fn *ssa.Function) *usage {
	if m.starts == nil {
		m.starts = make(map[*ssa.Function]*usage)
		for _, f := range m.funcs {
			if m.ssa.Pkg.Func("init") != f && f.Synthetic != "" && f.Object() != nil {
				continue // a wrapper stands for the method that it calls
			}
			for _, b := range f.Blocks {
				for _, instr := range b.Instrs {
					m.noteStarts(f, instr)
				}
			}
		}
	}
	if s := m.starts[fn]; s != nil {
		return s
	}
	return new(usage)
}

// noteStarts notes which functions an instruction starts, or does something else with.
func (m *Model) noteStarts(f *ssa.Function, instr ssa.Instruction) {
	of := func(fn *ssa.Function) *usage {
		if m.starts[fn] == nil {
			m.starts[fn] = new(usage)
		}
		return m.starts[fn]
	}
	call, ok := instr.(ssa.CallInstruction)
	var started *ssa.Function
	if ok {
		if act := m.startedBy(call, &activation{fn: f}); act != nil && !tellsOfErrors(call) {
			started = act.fn
			of(started).calls = append(of(started).calls, call)
		}
	}
	if _, makes := instr.(*ssa.MakeClosure); makes {
		return // what is done with that is what counts
	}
	for _, op := range instr.Operands(nil) {
		var fn *ssa.Function
		switch v := (*op).(type) {
		case *ssa.Function:
			fn = origin(v)
		case *ssa.MakeClosure:
			if fn = m.wrapped(v); fn == nil {
				fn = origin(v.Fn.(*ssa.Function))
			}
		}
		if fn != nil && fn != started {
			of(fn).other = true
		}
	}
}

// tellsOfErrors reports whether a call starts a goroutine of which the error that it returns is told
// to others.
func tellsOfErrors(call ssa.CallInstruction) bool {
	fn := call.Common().StaticCallee()
	_, isGo := call.(*ssa.Go)
	return !isGo && fn.Pkg != nil && fn.Pkg.Pkg.Path() != "sync"
}
