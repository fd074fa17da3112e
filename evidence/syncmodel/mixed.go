package syncmodel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// A Mixed is a Signal for goroutines that wait for different things: it wakes one of them, which may be
// another than the one that can go on.
type Mixed struct {
	Signal *Op
	Wait   *Op
	For    *ssa.Parameter  // what each of them waits for
	Again  ssa.Instruction // starts more than one who waits; nil if callers of other packages do
}

// Mixed returns the conditions of the package that are signalled to one goroutine only, where several
// wait for what each of them is given, and none of them wakes the next.
func (m *Model) Mixed() (found []*Mixed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.order {
		if c.up != nil || c.outside != 0 || !c.Has(CondWait) || !c.Has(Signal) {
			continue
		}
		x := new(Mixed)
		var signals []*Op
		good := true
		for _, op := range c.ops {
			switch op.Kind {
			case Signal:
				good = good && op.Instr.(ssa.CallInstruction).Common().StaticCallee().Name() == "Signal" && m.loopsOf(op.Fn)[op.Instr.Block()] == nil && !m.restarted(op.Fn)
				signals = append(signals, op)
			case CondWait:
				good = good && x.Wait == nil
				x.Wait = op
			}
		}
		owner, ok := m.holder(x.Wait.Object).(*ssa.Parameter)
		if !good || !ok || owner.Parent() != x.Wait.Fn {
			continue
		}
		if x.For = m.waitsFor(x.Wait, owner); x.For == nil {
			continue
		}
		x.Signal = signals[len(signals)-1]
		wakes := m.above(signals)
		if x.Again = m.severalOf(x, owner, wakes); x.Again != nil || m.amounts(x, wakes) {
			found = append(found, x)
		}
	}
	return found
}

// amounts reports whether callers of other packages wait for as much of something as each of them wants,
// and get it when another one gives back as much as it has had: that may be too little for the one who
// is woken and enough for the next, or enough for both. Who only waits, or takes what others make, may
// be the only one; so is who waits with another lock.
func (m *Model) amounts(x *Mixed, wakes map[*ssa.Function]bool) bool {
	fn := x.Wait.Fn
	if wakes[fn] || !m.public(fn) || !isNumber(x.For) || locksBefore(x.Wait.Instr) > 1 {
		return false
	}
	gives := m.changedBy(x.Signal.Fn, nil)
	takes := m.changedBy(fn, x.For)
	asked := m.testsOf(x.Wait)
	return slices.ContainsFunc(gives, func(f *types.Var) bool {
		return slices.Contains(takes, f) && slices.ContainsFunc(asked, func(cond ssa.Value) bool {
			return lazyssa.Mentions(cond, 4, func(v ssa.Value) bool {
				fa, ok := v.(*ssa.FieldAddr)
				return ok && m.fieldOf(fa.X.Type(), fa.Field) == f
			})
		})
	})
}

// changedBy returns the fields to which a function adds a parameter, or from which it takes one; only that
// one which is given, if any is.
func (m *Model) changedBy(fn *ssa.Function, by ssa.Value) (fields []*types.Var) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok || !isNumber(st.Val) {
				continue
			}
			n := added(st.Val, fn)
			fa, ok := st.Addr.(*ssa.FieldAddr)
			if ok && n != nil && (by == nil || n == by) {
				fields = append(fields, m.fieldOf(fa.X.Type(), fa.Field))
			}
		}
	}
	return fields
}

// locksBefore counts the locks that a function takes before an instruction.
func locksBefore(at ssa.Instruction) (n int) {
	for _, b := range at.Parent().Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && lazyssa.Before(call, at) && lockOpOf(call.Common()) == takeLock {
				n++
			}
		}
	}
	return n
}

// testsOf returns the conditions that end the loop around a Wait.
func (m *Model) testsOf(op *Op) (conds []ssa.Value) {
	l := m.loopsOf(op.Fn)[op.Instr.Block()]
	if l == nil {
		return nil
	}
	for _, b := range op.Fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if ok && l.body[b] && !(l.body[b.Succs[0]] && l.body[b.Succs[1]]) {
			conds = append(conds, br.Cond)
		}
	}
	return conds
}

// added returns the parameter of a function that a sum or difference has, or nil.
func added(v ssa.Value, fn *ssa.Function) ssa.Value {
	sum, ok := v.(*ssa.BinOp)
	if !ok || sum.Op != token.ADD && sum.Op != token.SUB {
		return nil
	}
	for _, p := range fn.Params {
		if sum.X == p || sum.Y == p {
			return p
		}
	}
	return nil
}

func isNumber(v ssa.Value) bool {
	b, ok := v.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

// waitsFor returns the parameter with which the loop around a Wait compares what the owner of the
// condition has, or of which it asks whether it is done; nil if there is none, or if all callers give
// the same.
func (m *Model) waitsFor(op *Op, owner *ssa.Parameter) *ssa.Parameter {
	has := func(v ssa.Value) bool {
		fa, ok := v.(*ssa.FieldAddr)
		return ok && m.object(fa.X) == ssa.Value(owner)
	}
	for _, cond := range m.testsOf(op) {
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond = not.X
		}
		var given ssa.Value
		switch v := cond.(type) {
		case *ssa.BinOp:
			if x, y := lazyssa.Mentions(v.X, 4, has), lazyssa.Mentions(v.Y, 4, has); x && !y {
				given = v.Y
			} else if y && !x {
				given = v.X
			} else if x && y { // used+n > total
				given = added(v.X, op.Fn)
			}
		case *ssa.Lookup:
			if lazyssa.Mentions(v.X, 4, has) {
				given = v.Index
			}
		case *ssa.UnOp:
			if fa, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL && m.object(fa.X) != ssa.Value(owner) {
				given = fa.X
			}
		}
		if given == nil {
			continue
		}
		p, ok := m.object(given).(*ssa.Parameter)
		if !ok || p == owner || p.Parent() != op.Fn {
			continue
		}
		if _, same := m.constInt(p, 4); !same {
			return p
		}
	}
	return nil
}

// A waiter is a goroutine that comes to a Wait.
type waiter struct {
	at    ssa.CallInstruction // that starts it
	owner ssa.Value           // that has the condition
	what  ssa.Value           // for which it waits
}

// severalOf returns what starts more than one goroutine that comes to a Wait of the same owner for
// different things, and does not lead to any of the functions that wake them; nil if nothing is known to.
func (m *Model) severalOf(x *Mixed, owner *ssa.Parameter, wakes map[*ssa.Function]bool) ssa.Instruction {
	var ws []waiter
	var climb func(fn *ssa.Function, owner, what ssa.Value, depth int)
	climb = func(fn *ssa.Function, owner, what ssa.Value, depth int) {
		if wakes[fn] {
			return
		}
		for _, site := range m.startsAndCalls(fn) {
			w := waiter{site, m.rootOf(m.argument(site, fn, owner)), m.object(m.argument(site, fn, what))}
			if act := m.startedBy(site, nil); act != nil {
				ws = append(ws, w)
			} else if depth > 0 {
				climb(site.Parent(), w.owner, w.what, depth-1)
			}
		}
	}
	climb(x.Wait.Fn, owner, x.For, 3)
	for i, w := range ws {
		if l := m.loopsOf(w.at.Parent())[w.at.Block()]; l != nil && !definedIn(w.owner, l) && (varies(w.what, l) || ownOf(w)) {
			return w.at
		}
		if slices.ContainsFunc(ws[:i], func(o waiter) bool {
			return o.at.Parent() == w.at.Parent() && o.owner == w.owner && (ownOf(w) || m.differ(o.what, w.what))
		}) {
			return w.at
		}
	}
	return nil
}

// argument returns what a call of a function gives it for a value that is a parameter of it; another
// value is returned as it is.
func (m *Model) argument(site ssa.CallInstruction, fn *ssa.Function, v ssa.Value) ssa.Value {
	p, ok := v.(*ssa.Parameter)
	if !ok || p.Parent() != fn || site.Common().StaticCallee() == nil {
		return v
	}
	if i := slices.Index(fn.Params, p); i < len(site.Common().Args) {
		return site.Common().Args[i]
	}
	return v
}

func definedIn(v ssa.Value, l *loop) bool {
	at, ok := v.(ssa.Instruction)
	return ok && l.body[at.Block()]
}

// varies reports whether a value is another one in each round of a loop: not just a field of what is there.
func varies(v ssa.Value, l *loop) bool {
	for definedIn(v, l) {
		switch x := v.(type) {
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return true
			}
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		default:
			return true
		}
	}
	return false
}

// ownOf reports whether a goroutine gets by itself what it waits for.
func ownOf(w waiter) bool {
	call, ok := w.what.(*ssa.Call)
	return ok && !within(w.at.Parent(), call.Parent())
}

// differ reports whether two values are different constants, or come from different calls.
func (m *Model) differ(a, b ssa.Value) bool {
	if x, ok := a.(*ssa.Const); ok {
		y, ok := b.(*ssa.Const)
		return ok && x.Value != nil && y.Value != nil && x.Value.ExactString() != y.Value.ExactString()
	}
	_, first := a.(*ssa.Call)
	_, second := b.(*ssa.Call)
	return first && second && a != b
}

// startsAndCalls returns the known calls of a function, its go statements and those of Go methods.
func (m *Model) startsAndCalls(fn *ssa.Function) []ssa.CallInstruction {
	sites := slices.Clone(m.sites[fn])
	for mc := range lazyssa.Closures(fn) {
		for _, ref := range *mc.Referrers() {
			if call, ok := ref.(*ssa.Call); ok {
				if act := m.startedBy(call, nil); act != nil && act.fn == fn {
					sites = append(sites, call)
				}
			}
		}
	}
	return sites
}

// rootOf returns the object that a value is, or is part of.
func (m *Model) rootOf(v ssa.Value) ssa.Value {
	for {
		v = m.object(v)
		up := derivation(v)
		if up == nil {
			return v
		}
		v = up
	}
}
