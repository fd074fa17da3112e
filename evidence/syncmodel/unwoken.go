package syncmodel

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// An Unwoken is a Wait for a flag that a function sets without waking who waits.
type Unwoken struct {
	Set  *ssa.Store
	Wait *Op
	Flag *types.Var

	Early ssa.Instruction // wakes them before the lock is taken under which the flag is set; nil if nothing does
}

// Unwoken returns where the package sets a flag that ends the loop around a Wait, and neither the
// function nor any that calls it does anything that could wake those who wait: no Signal, and
// nothing that another goroutine may take for a reason to.
func (m *Model) Unwoken() (found []*Unwoken) {
	l := m.Locks()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside != 0 || !c.Has(CondWait) || !c.Has(Signal) || slices.ContainsFunc(c.ops, m.wakesAnyway) {
			continue
		}
		for _, op := range c.ops {
			if op.Kind != CondWait {
				continue
			}
			for _, flag := range m.ending(op) {
				if slices.ContainsFunc(c.ops, func(op *Op) bool { return m.passesOn(op, flag) }) {
					continue
				}
				if st, early := l.setQuietly(flag, op.Fn); st != nil {
					found = append(found, &Unwoken{st, op, flag, early})
				}
			}
		}
	}
	return found
}

// wakesAnyway reports whether a Signal is made for no reason of the object's: by the clock, by a
// function value that somebody else calls, or in an exported function that does nothing else.
func (m *Model) wakesAnyway(op *Op) bool {
	if op.Kind != Signal {
		return false
	}
	if m.taken[op.Fn] || op.Fn.Parent() != nil && !m.goes(op.Fn) {
		return true
	}
	sets := false
	for _, b := range op.Fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr.(type) {
			case *ssa.Store, *ssa.MapUpdate:
				sets = true
			}
		}
	}
	return !sets && m.named(op.Fn.Object()) || byClock(op)
}

// passesOn reports whether an operation is a Signal of a function that looks at a flag, and may have found
// it set.
func (m *Model) passesOn(op *Op, flag *types.Var) bool {
	m.indexFields()
	if op.Kind != Signal || !slices.ContainsFunc(m.fieldLoads[flag], func(load ssa.Value) bool { return load.Parent() == op.Fn }) {
		return false
	}
	for cond, is := range lazyssa.Conditions(op.Instr.Block()) {
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond, is = not.X, !is
		}
		if slices.Contains(m.fieldLoads[flag], cond) && !is {
			return false
		}
	}
	return true
}

// byClock reports whether an operation is a Signal that is made again and again, by the clock.
func byClock(op *Op) bool {
	if op.Kind != Signal || !inCycle(op.Instr.Block()) {
		return false
	}
	for _, b := range op.Fn.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.UnOp:
				if v.Op == token.ARROW && isTime(v.X.Type()) {
					return true
				}
			case *ssa.Select:
				if slices.ContainsFunc(v.States, func(st *ssa.SelectState) bool { return isTime(st.Chan.Type()) }) {
					return true
				}
			case *ssa.Call:
				if lint.IsFunc(lazyssa.Callee(v), "time", "Sleep") {
					return true
				}
			}
		}
	}
	return false
}

// isTime reports whether a channel is one of a timer's.
func isTime(ch types.Type) bool {
	c := lint.Chan(ch)
	return c != nil && lint.IsNamed(c.Elem(), "time", "Time")
}

// ending returns the flags of the object that has the condition of a Wait whose truth ends the
// loop around it.
func (m *Model) ending(op *Op) (flags []*types.Var) {
	l := m.loopsOf(op.Fn)[op.Instr.Block()]
	if l == nil {
		return nil
	}
	owner := m.holder(op.Object)
	for _, b := range op.Fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !l.body[b] {
			continue
		}
		fa, out := flagOf(br)
		if fa == nil || l.body[b.Succs[out]] || !l.body[b.Succs[1-out]] || owner == nil || m.object(fa.X) != owner {
			continue
		}
		if f := m.fieldOf(fa.X.Type(), fa.Field); f != nil && !f.Exported() && !slices.Contains(flags, f) {
			flags = append(flags, f)
		}
	}
	return flags
}

// flagOf returns the field that a condition asks, and the successor that is taken when it is true.
func flagOf(br *ssa.If) (flag *ssa.FieldAddr, out int) {
	cond := br.Cond
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond, out = not.X, 1
	}
	return lazyssa.FieldLoaded(cond), out
}

// holder returns the object that has a condition in a field.
func (m *Model) holder(cond ssa.Value) ssa.Value {
	v, _ := m.trace(cond, nil)
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	if fa, ok := v.(*ssa.FieldAddr); ok {
		return m.object(fa.X)
	}
	return nil
}

// setQuietly returns a store that sets a flag for others than its own function, in a function
// that wakes nobody, or only those who wait before it takes the lock to set it.
func (l *Locks) setQuietly(flag *types.Var, waits *ssa.Function) (set *ssa.Store, early ssa.Instruction) {
	m := l.m
	m.indexFields()
	if m.fieldShared[flag] {
		return nil, nil
	}
	for _, st := range m.fieldStores[flag] {
		c, ok := st.Val.(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.Bool || !constant.BoolVal(c.Value) || st.Parent() == waits {
			continue
		}
		fa, ok := st.Addr.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		_, given := m.object(fa.X).(*ssa.Parameter) // and not made here, where nobody waits yet
		if !given {
			continue
		}
		if m.quiet(st.Parent(), nil, 3) {
			return st, nil
		}
		if early := l.wakesEarly(st); early != nil {
			return st, early
		}
	}
	return nil, nil
}

// wakesEarly returns the last Signal or Broadcast that a function makes before it takes the lock of the
// condition under which it sets a flag, if neither it nor those who call it do anything else that could wake
// anybody: who looks at the flag in between waits on.
func (l *Locks) wakesEarly(st *ssa.Store) (early ssa.Instruction) {
	m, fn := l.m, st.Parent()
	lock := lockFor(st)
	if lock == nil || len(m.sites[fn]) == 0 && !m.named(fn.Object()) || !m.quiet(fn, lock, 3) {
		return nil
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if reaches(lock, instr) || !m.rouse(instr, 4) {
				continue
			}
			call, ok := instr.(*ssa.Call)
			if !ok || !lint.IsMethod(lazyssa.Callee(call), "sync", "Cond", "Signal", "Broadcast") || !l.locksCond(lock, call.Call.Args[0]) {
				return nil
			}
			early = call
		}
	}
	return early
}

// locksCond reports whether a call takes the lock of a condition: it has not been held before then.
func (l *Locks) locksCond(lock *ssa.Call, cond ssa.Value) bool {
	v := lock.Call.Value
	if !lock.Call.IsInvoke() {
		v = lock.Call.Args[0]
	}
	of, _ := l.lockOfCond(l.place(cond))
	p, _ := l.lockPlace(v)
	return of != nil && p == of
}

// lockFor returns the last call that takes a lock before an instruction, on every way to it; nil if there
// is none, or if the lock may be given back in between.
func lockFor(at ssa.Instruction) (lock *ssa.Call) {
	for _, b := range at.Parent().Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !lazyssa.Before(call, at) {
				continue
			}
			switch lockOpOf(call.Common()) {
			case takeLock, takeRead:
				if lock == nil || lazyssa.Before(lock, call) {
					lock = call
				}
			case dropLock, dropRead:
				lock = nil
			}
		}
	}
	return lock
}

// quiet reports whether a function, and all that call it, up to so many calls away, do nothing
// that could lead to a Signal: the callers, from the call on. Somebody calls it, or may
// from outside the package.
func (m *Model) quiet(fn *ssa.Function, from ssa.Instruction, up int) bool {
	if fn.Parent() != nil && !m.onlyGoes(fn) || m.taken[fn] || m.rouses(fn, from, 4) {
		return false
	}
	sites := m.sites[fn]
	if len(sites) == 0 {
		return from != nil || token.IsExported(fn.Name())
	}
	return up > 0 && !slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		_, deferred := site.(*ssa.Defer)
		return deferred || !m.quiet(site.Parent(), site, up-1)
	})
}

// rouses reports whether a function, from an instruction on if one is given, may do what wakes
// another goroutine, or lets it know anything: a call into the unknown may always.
func (m *Model) rouses(fn *ssa.Function, from ssa.Instruction, depth int) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if (from == nil || reaches(from, instr)) && m.rouse(instr, depth) {
				return true
			}
		}
	}
	return false
}

func (m *Model) rouse(instr ssa.Instruction, depth int) bool {
	switch v := instr.(type) {
	case *ssa.MakeClosure:
		return true
	case *ssa.Send:
		return m.stirs(v.Chan)
	case *ssa.Select:
		return slices.ContainsFunc(v.States, func(st *ssa.SelectState) bool { return !isTime(st.Chan.Type()) && m.stirs(st.Chan) })
	case ssa.CallInstruction:
		if _, ok := v.Common().Value.(*ssa.Builtin); ok {
			kind, ok := callKind(v.Common())
			return ok && kind == Close && m.stirs(v.Common().Args[0])
		}
		if callee := v.Common().StaticCallee(); callee != nil && m.inside(callee) && depth > 0 {
			return m.rouses(origin(callee), nil, depth-1)
		}
		return !m.unheard(v)
	}
	return false
}

// stirs reports whether an operation on a channel may let somebody go on who wakes those who wait.
func (m *Model) stirs(ch ssa.Value) bool {
	c := m.node(ch)
	if c.outside != 0 || len(c.makes) == 0 {
		return true
	}
	if m.stirring[c] {
		return false // who comes back to it is asked already
	}
	m.stirring[c] = true
	defer delete(m.stirring, c)
	return slices.ContainsFunc(c.ops, func(op *Op) bool { return op.Kind != Measure && !m.quiet(op.Fn, op.Instr, 3) })
}

// unheard reports whether a call of another package is one that no goroutine gets to know of:
// of a lock, a wait for others, or of what only computes or logs.
func (m *Model) unheard(call ssa.CallInstruction) bool {
	fn, ok := lazyssa.Callee(call).(*types.Func)
	if !ok || fn.Pkg() == nil || call.Common().IsInvoke() {
		return false
	}
	switch fn.Pkg().Path() {
	case "sync":
		return slices.Contains([]string{"Lock", "Unlock", "RLock", "RUnlock", "Wait"}, fn.Name())
	case "testing":
		return slices.Contains([]string{"Error", "Errorf", "Fatal", "Fatalf", "Log", "Logf", "Helper"}, fn.Name())
	case "errors", "fmt", "log", "log/slog", "strings", "strconv", "time":
		return fn.Name() != "AfterFunc" && fn.Name() != "Reset"
	}
	return false
}
