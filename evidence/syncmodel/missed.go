package syncmodel

import (
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A Missed is a Signal, or a Broadcast, for something that happens without the lock of the condition:
// who has asked for that, and is about to wait, misses it.
type Missed struct {
	Signal ssa.Instruction
	Name   string // Signal or Broadcast
	Wait   *Op
	Asks   ssa.Value // what the loop around Wait asks for
}

// A news is what a condition is signalled for: a context that has ended, or an atomic variable that
// has been set.
type news struct {
	ctx  ssa.Value
	flag *types.Var
}

// Missed returns the signals of the package that who waits may miss.
func (m *Model) Missed() (found []*Missed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	timed := m.timed()
	for _, c := range m.order {
		if c.up != nil || timed[c] || slices.ContainsFunc(c.ops, func(op *Op) bool { return op.Kind == Signal && (byClock(op) || timed[op.Fn]) }) {
			continue
		}
		for _, op := range c.ops {
			if op.Kind != Signal || m.underLock(op.Fn, 2) {
				continue
			}
			found = append(found, m.missed(c, op.Instr, op.Instr.(ssa.CallInstruction).Common().StaticCallee().Name(), m.newsOf(op))...)
		}
	}
	for call := range m.afterFuncs("context") {
		if c, name := m.signalled(call.Call.Args[1]); c != nil && !timed[c] {
			found = append(found, m.missed(c, call, name, []news{{ctx: m.object(call.Call.Args[0])}})...)
		}
	}
	return found
}

// afterFuncs yields the calls of the AfterFunc of a package.
func (m *Model) afterFuncs(pkg string) iter.Seq[*ssa.Call] {
	return func(yield func(*ssa.Call) bool) {
		for _, fn := range m.funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if call, ok := instr.(*ssa.Call); ok && lint.IsFunc(lazyssa.Callee(call), pkg, "AfterFunc") && !yield(call) {
						return
					}
				}
			}
		}
	}
}

// signalled returns the condition of which a value is the method Signal or Broadcast, and its name.
func (m *Model) signalled(v ssa.Value) (c *Class, name string) {
	mc, ok := v.(*ssa.MakeClosure)
	if !ok {
		return nil, ""
	}
	method, ok := mc.Fn.(*ssa.Function).Object().(*types.Func)
	if !ok || !lint.IsMethod(method, "sync", "Cond", "Signal", "Broadcast") {
		return nil, ""
	}
	return m.find(m.content(m.node(mc.Bindings[0]))), method.Name()
}

// timed returns the conditions that are signalled, and the functions that run, when a timer fires:
// who has missed something else is woken then.
func (m *Model) timed() map[any]bool {
	timed := make(map[any]bool)
	for call := range m.afterFuncs("time") {
		if c, _ := m.signalled(call.Call.Args[1]); c != nil {
			timed[c] = true
		}
		for _, fn := range m.funcsOf(call.Call.Args[1]) {
			if method, ok := fn.Object().(*types.Func); ok && fn.Parent() == nil { // of a method value
				fn = m.ssa.Pkg.Prog.FuncValue(method)
			}
			timed[fn] = true
		}
	}
	return timed
}

// missed returns the waits for one of the news, if there are any.
func (m *Model) missed(c *Class, at ssa.Instruction, name string, all []news) []*Missed {
	for _, n := range all {
		if n.ctx != nil && !m.othersEnd(n.ctx, 3) {
			continue
		}
		for _, op := range c.ops {
			if op.Kind != CondWait {
				continue
			}
			if asks := m.asksFor(op, n); asks != nil {
				return []*Missed{{at, name, op, asks}}
			}
		}
	}
	return nil
}

// newsOf returns what always happens in the function before the Signal op, each time that this is
// made: who signals the same thing again and again wakes those as well who have missed it.
func (m *Model) newsOf(op *Op) (all []news) {
	again := m.loopsOf(op.Fn)[op.Instr.Block()]
	for _, b := range op.Fn.Blocks {
		if again != nil && !again.body[b] {
			continue
		}
		for _, instr := range b.Instrs {
			if !lazyssa.Before(instr, op.Instr) {
				continue
			}
			switch v := instr.(type) {
			case *ssa.UnOp:
				if ctx := doneOf(v.X); v.Op == token.ARROW && ctx != nil {
					all = append(all, news{ctx: m.object(ctx)})
				}
			case *ssa.Select:
				for i, st := range v.States {
					from := caseOf(v, i)
					if ctx := doneOf(st.Chan); ctx != nil && from != nil && from.Succs[0].Dominates(op.Instr.Block()) {
						all = append(all, news{ctx: m.object(ctx)})
					}
				}
			case *ssa.Call:
				if f := m.atomic(v, "Store", "Swap", "CompareAndSwap", "Add"); f != nil {
					all = append(all, news{flag: f})
				}
			}
		}
	}
	if mc := literalOf(op.Fn); mc != nil {
		if call, ok := (*mc.Referrers())[0].(*ssa.Call); ok && lint.IsFunc(lazyssa.Callee(call), "context", "AfterFunc") {
			all = append(all, news{ctx: m.object(call.Call.Args[0])})
		}
	}
	return all
}

// othersEnd reports whether a context may end though nobody in the package has ended it, and so could
// tell as much otherwise: it comes from elsewhere, or has a deadline.
func (m *Model) othersEnd(ctx ssa.Value, steps int) bool {
	switch v := m.object(ctx).(type) {
	case *ssa.Parameter:
		return true
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		if !ok || steps == 0 {
			return false
		}
		fn := lazyssa.Callee(call)
		return lint.IsFunc(fn, "context", "WithTimeout", "WithDeadline") || lint.IsFunc(fn, "context", "WithCancel", "WithCancelCause") && m.othersEnd(call.Call.Args[0], steps-1)
	}
	return false
}

// doneOf returns the context whose Done method has given a channel, or nil.
func doneOf(ch ssa.Value) ssa.Value {
	if call, ok := ch.(*ssa.Call); ok && call.Call.IsInvoke() && lint.IsMethod(call.Call.Method, "context", "Context", "Done") {
		return call.Call.Value
	}
	return nil
}

// literalOf returns the literal that a function is, if it is used once.
func literalOf(fn *ssa.Function) *ssa.MakeClosure {
	for mc := range lazyssa.Closures(fn) {
		if len(*mc.Referrers()) == 1 {
			return mc
		}
	}
	return nil
}

// asksFor returns where the loop around a Wait asks for the news, and ends by it; or nil.
func (m *Model) asksFor(op *Op, n news) (asks ssa.Value) {
	l := m.loopsOf(op.Fn)[op.Instr.Block()]
	if l == nil {
		return nil
	}
	for _, b := range op.Fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !l.body[b] || l.body[b.Succs[0]] && l.body[b.Succs[1]] {
			continue
		}
		found := lazyssa.Mentions(br.Cond, 4, func(v ssa.Value) bool {
			call, ok := v.(*ssa.Call)
			switch {
			case !ok:
				return false
			case n.flag != nil:
				return m.atomic(call, "Load") == n.flag
			}
			return call.Call.IsInvoke() && lint.IsMethod(call.Call.Method, "context", "Context", "Err") && m.object(call.Call.Value) == n.ctx
		})
		if found {
			return br.Cond
		}
	}
	return nil
}

// atomic returns the field that a call of package sync/atomic, one whose name begins with one of
// the words, works on, or nil.
func (m *Model) atomic(call *ssa.Call, words ...string) *types.Var {
	fn, ok := lazyssa.Callee(call).(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != "sync/atomic" || !lint.Leads(fn.Name(), words...) || len(call.Call.Args) == 0 {
		return nil
	}
	fa, ok := lazyssa.Strip(call.Call.Args[0]).(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	return m.fieldOf(fa.X.Type(), fa.Field)
}

// underLock reports whether a function, or one that it calls or is called by, in so many steps, takes
// a lock.
func (m *Model) underLock(fn *ssa.Function, steps int) bool {
	if m.takesLock(fn, steps) {
		return true
	}
	return steps > 0 && slices.ContainsFunc(m.sites[fn], func(site ssa.CallInstruction) bool {
		_, isGo := site.(*ssa.Go)
		return !isGo && m.underLock(site.Parent(), steps-1)
	})
}

func (m *Model) takesLock(fn *ssa.Function, steps int) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if lockOpOf(call.Common()) != noLockOp {
				return true
			}
			if callee := call.Common().StaticCallee(); callee != nil && m.inside(callee) && steps > 0 && m.takesLock(origin(callee), steps-1) {
				return true
			}
		}
	}
	return false
}
