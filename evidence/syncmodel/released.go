package syncmodel

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
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
	fns  map[*ssa.Function]bool
	g    *Gate
	wait ssa.Instruction // if not nil, nothing behind it runs
}

// runs reports whether an instruction may be executed before the gate is.
func (r *reach) runs(instr ssa.Instruction) bool {
	fn := instr.Parent()
	if !r.fns[fn] {
		return false
	}
	return !r.behind(instr)
}

// behind reports whether the goroutine only gets to an instruction after its waits, or somebody
// else only after the one that is not over.
func (r *reach) behind(instr ssa.Instruction) bool {
	if r.wait != nil && instr.Parent() == r.wait.Parent() && instr != r.wait && precedes(r.wait, instr) {
		return true
	}
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
	var from *ssa.Function
	if g.Go != nil {
		from = g.Go.Parent()
	}
	return m.liveWithout(&reach{g: g}, from)
}

// liveWithout fills in the functions that may run without what is behind. If from is not nil and
// is not among those that are called, who calls it is not to be seen, and so perhaps others.
func (m *Model) liveWithout(r *reach, from *ssa.Function) *reach {
	r.fns = make(map[*ssa.Function]bool)
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if fn = origin(fn); r.fns[fn] || !m.inside(fn) {
			return
		}
		r.fns[fn] = true
		for _, n := range m.mentionsIn(fn) {
			if r.behind(n.instr) {
				continue
			}
			for _, f := range n.fns {
				visit(f)
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
	if from != nil && !r.fns[from] {
		for _, fn := range m.ssa.Funcs {
			if fn.Parent() == nil {
				visit(fn)
			}
		}
	}
	return r
}

// A mention is an instruction after which some functions may be called.
type mention struct {
	instr ssa.Instruction
	fns   []*ssa.Function
}

// mentionsIn returns what a function mentions, in the order of its instructions.
func (m *Model) mentionsIn(fn *ssa.Function) []mention {
	if list, ok := m.mentions[fn]; ok {
		return list
	}
	var list []mention
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if fns := m.mentioned(instr); len(fns) > 0 {
				list = append(list, mention{instr, fns})
			}
		}
	}
	m.mentions[fn] = list
	return list
}

func (m *Model) mentioned(instr ssa.Instruction) (fns []*ssa.Function) {
	call, isCall := instr.(ssa.CallInstruction)
	if isCall && !call.Common().IsInvoke() && len(call.Common().Args) > 0 && call.Common().Signature().Recv() != nil && m.alwaysNil(call.Common().Args[0]) {
		return nil // as in if x != nil { x.Close() }
	}
	for _, op := range instr.Operands(nil) {
		switch v := (*op).(type) {
		case *ssa.Function:
			fns = append(fns, v)
		case *ssa.MakeClosure:
			fns = append(fns, v.Fn.(*ssa.Function))
		}
	}
	switch v := instr.(type) {
	case *ssa.MakeClosure:
		fns = append(fns, v.Fn.(*ssa.Function))
		if w := m.wrapped(v); w != nil {
			fns = append(fns, w)
		}
	case *ssa.MakeInterface: // its methods may be called
		fns = append(fns, m.methodsOf(v.X.Type())...)
	}
	return fns
}

// methodsOf returns the methods of a type that the package has, and those behind wrappers.
func (m *Model) methodsOf(t types.Type) []*ssa.Function {
	if fns := m.methods.At(t); fns != nil {
		return fns.([]*ssa.Function)
	}
	fns := []*ssa.Function{}
	set := m.ssa.Pkg.Prog.MethodSets.MethodSet(t)
	for i := range set.Len() {
		w := m.method(t, set.At(i).Obj())
		if w == nil {
			continue
		}
		fns = append(fns, w)
		if obj, ok := w.Object().(*types.Func); ok {
			if real := m.ssa.Pkg.Prog.FuncValue(obj.Origin()); real != nil && real != w {
				fns = append(fns, real)
			}
		}
	}
	m.methods.Set(t, fns)
	return fns
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
	if fn.Signature.Recv() == nil && m.tests.Has(fn.Pos()) {
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
