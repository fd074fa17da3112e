package syncmodel

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// Never reports whether nothing that runs ever ends any of the waits of a goroutine:
// what could is code that nobody calls, or comes after the wait.
func (m *Model) Never(g *Gate) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running == nil {
		m.running = m.live(&Gate{})
	}
	r := *m.running
	r.g = g
	if m.never(g, m.widened(&r, g)) {
		return true
	}
	// What ends it may be called only after the wait. That is looked into for a few.
	if m.exact >= maxExact || !g.calls() {
		return false
	}
	m.exact++
	return m.never(g, m.live(g))
}

// maxExact bounds the gates of a package for which it is found out what runs without them.
const maxExact = 8

// widened widens what runs to all functions if nobody is seen to call the one that starts
// the goroutine: those that end it may be called by the same people.
func (m *Model) widened(r *reach, g *Gate) *reach {
	if r.fns[g.Go.Parent()] {
		return r
	}
	if m.everything == nil {
		m.everything = make(map[*ssa.Function]bool)
		for _, fn := range m.funcs {
			m.everything[fn] = true
		}
	}
	return &reach{fns: m.everything, g: g}
}

// calls reports whether the goroutine calls anything after its waits.
func (g *Gate) calls() bool {
	for b, n := range g.open {
		for _, instr := range b.Instrs[n:] {
			if call, ok := instr.(ssa.CallInstruction); ok && call.Common().StaticCallee() != nil {
				return true
			}
		}
		for _, s := range b.Succs {
			if _, open := g.open[s]; !open {
				return true // there is more
			}
		}
	}
	return false
}

func (m *Model) never(g *Gate, live *reach) bool {
	for _, s := range g.Waits {
		if s.Chan != nil && m.mayEnd(m.node(s.Chan), live) || s.Context != nil && !m.neverDone(s.Context, s.in, live, 5) {
			return false
		}
	}
	return true
}

// reach tells what of a package runs.
type reach struct {
	fns map[*ssa.Function]bool
	g   *Gate
}

// runs reports whether an instruction may be executed before the gate is.
func (r *reach) runs(instr ssa.Instruction) bool {
	fn := instr.Parent()
	if !r.fns[fn] {
		return false
	}
	return !r.behind(instr)
}

// behind reports whether the goroutine only gets to an instruction after its waits.
func (r *reach) behind(instr ssa.Instruction) bool {
	b := instr.Block()
	if r.g.open[b.Parent().Blocks[0]] == 0 {
		return false // not one of its functions
	}
	n := r.g.open[b]
	return n < len(b.Instrs) && slices.Index(b.Instrs, instr) >= n
}

func (m *Model) mayEnd(c *Class, live *reach) bool {
	if c.outside&(MaySend|MayClose) != 0 || len(c.makes) == 0 {
		return true
	}
	for _, op := range c.ops {
		if (op.Kind == Send || op.Kind == Close) && live.runs(op.Instr) {
			return true
		}
	}
	return false
}

// live returns the functions that may run, those that are only called after the
// gate excepted.
func (m *Model) live(g *Gate) *reach {
	r := &reach{fns: make(map[*ssa.Function]bool), g: g}
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if fn = origin(fn); r.fns[fn] || !m.inside(fn) {
			return
		}
		r.fns[fn] = true
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if r.behind(instr) {
					break
				}
				call, isCall := instr.(ssa.CallInstruction)
				if isCall && !call.Common().IsInvoke() && len(call.Common().Args) > 0 && call.Common().Signature().Recv() != nil && m.alwaysNil(call.Common().Args[0]) {
					continue // as in if x != nil { x.Close() }
				}
				for _, op := range instr.Operands(nil) {
					switch v := (*op).(type) {
					case *ssa.Function:
						visit(v)
					case *ssa.MakeClosure:
						visit(v.Fn.(*ssa.Function))
					}
				}
				switch v := instr.(type) {
				case *ssa.MakeClosure:
					visit(v.Fn.(*ssa.Function))
					if w := m.wrapped(v); w != nil {
						visit(w)
					}
				case *ssa.MakeInterface: // its methods may be called
					set := m.ssa.Pkg.Prog.MethodSets.MethodSet(v.X.Type())
					for i := range set.Len() {
						if w := m.method(v.X.Type(), set.At(i).Obj()); w != nil {
							visit(w)
							if obj, ok := w.Object().(*types.Func); ok {
								if real := m.ssa.Pkg.Prog.FuncValue(obj.Origin()); real != nil {
									visit(real)
								}
							}
						}
					}
				}
			}
		}
	}
	if init := m.ssa.Pkg.Func("init"); init != nil {
		visit(init)
	}
	for _, fn := range m.ssa.Funcs {
		if m.entry(fn) {
			visit(fn)
		}
	}
	if g.Go != nil && !r.fns[g.Go.Parent()] { // who calls this is not to be seen, and so perhaps others
		for _, fn := range m.ssa.Funcs {
			if fn.Parent() == nil {
				visit(fn)
			}
		}
	}
	return r
}

// entry reports whether a function is called from outside the package.
func (m *Model) entry(fn *ssa.Function) bool {
	if fn.Parent() != nil {
		return false
	}
	name := fn.Name()
	if name == "main" || strings.HasPrefix(name, "init") || m.named(fn.Object()) {
		return true
	}
	if fn.Signature.Recv() == nil && lint.IsTest(m.pass, fn.Pos()) {
		for _, prefix := range []string{"Test", "Benchmark", "Fuzz", "Example"} {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
	}
	return false
}

// alwaysNil reports whether a value is a variable that is never set to anything but nil.
func (m *Model) alwaysNil(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	addr, _ := m.trace(load.X, nil)
	a, ok := addr.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *a.Referrers() {
		switch ref.(type) {
		case *ssa.Store, *ssa.UnOp, *ssa.MakeClosure, *ssa.DebugRef:
		default:
			return false
		}
	}
	for _, st := range stores(a) {
		c, ok := st.Val.(*ssa.Const)
		same, isLoad := st.Val.(*ssa.UnOp) // return conn, of a named result
		if !(ok && c.Value == nil) && !(isLoad && same.X == a) {
			return false
		}
	}
	return true
}

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
		return lint.IsFunc(fn.Object(), "context", "Background", "TODO", "WithoutCancel")
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
		if b, ok := binding(addr).(*ssa.Alloc); ok {
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
