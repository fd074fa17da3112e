package syncmodel

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// neverDone reports whether a context is never cancelled by code that runs, and has no
// deadline. What is not known about it may cancel it.
func (m *Model) neverDone(ctx ssa.Value, act *activation, live *reach, depth int) bool {
	if depth == 0 {
		return false
	}
	ctx, act = m.trace(ctx, act)
	switch v := ctx.(type) {
	case *ssa.Call:
		fn := v.Call.StaticCallee()
		if fn == nil {
			return false
		}
		if lint.IsFunc(fn.Object(), "context", "WithValue") {
			return m.neverDone(v.Call.Args[0], act, live, depth-1)
		}
		return lint.IsEndlessContext(fn.Object())
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		if !ok || v.Index != 0 || call.Call.StaticCallee() == nil ||
			!lint.IsFunc(call.Call.StaticCallee().Object(), "context", "WithCancel", "WithCancelCause") {
			return false
		}
		for _, ref := range *call.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == 1 {
				if m.called(x, live, make(map[ssa.Value]bool)) {
					return false
				}
			}
		}
		return m.neverDone(call.Call.Args[0], act, live, depth-1)
	case *ssa.UnOp:
		fa, ok := v.X.(*ssa.FieldAddr)
		if !ok || v.Op != token.MUL {
			return false
		}
		return m.fieldNeverDone(m.fieldOf(fa.X.Type(), fa.Field), live, depth)
	case *ssa.Field:
		return m.fieldNeverDone(m.fieldOf(v.X.Type(), v.Field), live, depth)
	case *ssa.Parameter:
		fn := v.Parent()
		i := -1
		for j, p := range fn.Params {
			if p == v {
				i = j
			}
		}
		if i < 0 || m.taken[fn] || m.named(fn.Object()) || len(m.sites[fn]) == 0 {
			return false
		}
		for _, site := range m.sites[fn] {
			if i >= len(site.Common().Args) || !m.neverDone(site.Common().Args[i], nil, live, depth-1) {
				return false
			}
		}
		return true
	}
	return false
}

func (m *Model) fieldNeverDone(f *types.Var, live *reach, depth int) bool {
	if f == nil || m.named(f) || f.Pkg() != m.pass.Pkg {
		return false
	}
	m.indexFields()
	if len(m.fieldStores[f]) == 0 {
		return false
	}
	for _, st := range m.fieldStores[f] {
		if live.fns[st.Parent()] && !m.neverDone(st.Val, nil, live, depth-1) {
			return false
		}
	}
	return true
}

// called reports whether a function value, as that which cancels a context, may be
// called by code that runs.
func (m *Model) called(v ssa.Value, live *reach, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	refs := v.Referrers()
	if refs == nil {
		return true
	}
	for _, ref := range *refs {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
		case *ssa.Phi:
			if m.called(ref, live, seen) {
				return true
			}
		case *ssa.ChangeType:
			if m.called(ref, live, seen) {
				return true
			}
		case *ssa.Store:
			if ref.Val != v || m.storedAndCalled(ref, live, seen) {
				return true
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == v && m.called(ref.Fn.(*ssa.Function).FreeVars[i], live, seen) {
					return true
				}
			}
		case ssa.CallInstruction:
			c := ref.Common()
			if c.Value == v {
				if live.runs(ref) {
					return true
				}
				continue
			}
			fn := c.StaticCallee()
			if fn == nil || !m.inside(fn) || c.IsInvoke() {
				return true
			}
			for i, a := range c.Args {
				if a == v && m.called(origin(fn).Params[i], live, seen) {
					return true
				}
			}
		default:
			return true
		}
	}
	return false
}

// storedAndCalled follows a function value into a field or local variable.
func (m *Model) storedAndCalled(st *ssa.Store, live *reach, seen map[ssa.Value]bool) bool {
	switch addr := st.Addr.(type) {
	case *ssa.FieldAddr:
		f := m.fieldOf(addr.X.Type(), addr.Field)
		if f == nil || m.named(f) || f.Pkg() != m.pass.Pkg {
			return true
		}
		m.indexFields()
		for _, load := range m.fieldLoads[f] {
			if m.called(load, live, seen) {
				return true
			}
		}
		return m.fieldShared[f]
	case *ssa.Alloc:
		return m.variableCalled(addr, live, seen)
	case *ssa.FreeVar:
		if b, ok := lazyssa.Binding(addr).(*ssa.Alloc); ok {
			return m.variableCalled(b, live, seen)
		}
	}
	return true
}

func (m *Model) variableCalled(addr ssa.Value, live *reach, seen map[ssa.Value]bool) bool {
	if seen[addr] {
		return false
	}
	seen[addr] = true
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store, *ssa.DebugRef:
		case *ssa.UnOp:
			if m.called(ref, live, seen) {
				return true
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == addr && m.variableCalled(ref.Fn.(*ssa.Function).FreeVars[i], live, seen) {
					return true
				}
			}
		default:
			return true
		}
	}
	return false
}

// indexFields notes where fields are set and read.
func (m *Model) indexFields() {
	if m.fieldStores != nil {
		return
	}
	m.fieldStores = make(map[*types.Var][]*ssa.Store)
	m.fieldLoads = make(map[*types.Var][]ssa.Value)
	m.fieldShared = make(map[*types.Var]bool)
	for _, fn := range m.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.Field:
					if f := m.fieldOf(v.X.Type(), v.Field); f != nil {
						m.fieldLoads[f] = append(m.fieldLoads[f], v)
					}
				case *ssa.FieldAddr:
					f := m.fieldOf(v.X.Type(), v.Field)
					if f == nil {
						continue
					}
					for _, ref := range *v.Referrers() {
						switch ref := ref.(type) {
						case *ssa.Store:
							if ref.Addr == v {
								m.fieldStores[f] = append(m.fieldStores[f], ref)
							} else {
								m.fieldShared[f] = true
							}
						case *ssa.UnOp:
							m.fieldLoads[f] = append(m.fieldLoads[f], ref)
						case *ssa.DebugRef:
						default:
							m.fieldShared[f] = true
						}
					}
				}
			}
		}
	}
}
