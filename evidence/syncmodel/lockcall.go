package syncmodel

import (
	"go/constant"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// call runs a call, and returns the states after it: s itself if nothing branches, none
// if the call never returns.
func (w *lockWalk) call(s *lockState, call ssa.CallInstruction) []*lockState {
	l, c := w.l, call.Common()
	w.hold(s, call)
	if op, p := l.lockCall(c); op != noLockOp {
		return w.operate(s, call, op, p)
	}
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return []*lockState{s}
	}
	if waits(c) {
		w.blockAt(s, waiting{at: call})
	}
	fns := l.callees(call)
	if c.StaticCallee() == nil || passesFunc(c) {
		// Whatever it is, it may do what function values do.
		s.held = slices.DeleteFunc(s.held, func(h Hold) bool { return l.crossed[h.Lock.Class()] })
	}
	if len(fns) == 0 {
		return []*lockState{s}
	}
	sure := len(fns) == 1 && l.m.known(call)
	for _, fn := range fns {
		w.blockIn(s, call, fn, !sure)
		if !w.acquireIn(s, call, fn, !sure) && sure {
			return nil
		}
	}
	if !sure {
		for _, fn := range fns {
			w.blurAll(s, call, fn)
		}
		return []*lockState{s}
	}
	return w.apply(s, call, fns[0])
}

func passesFunc(c *ssa.CallCommon) bool {
	return slices.ContainsFunc(c.Args, func(a ssa.Value) bool {
		switch a.(type) {
		case *ssa.MakeClosure, *ssa.Function:
			return true
		}
		return false
	})
}

// waits reports whether a call waits for a wait group or a condition.
func waits(c *ssa.CallCommon) bool {
	k, ok := callKind(c)
	return ok && (k == Wait || k == CondWait)
}

// operate runs an operation on a lock.
func (w *lockWalk) operate(s *lockState, call ssa.CallInstruction, op lockOp, p *Place) []*lockState {
	read := op == takeRead || op == dropRead || op == tryRead
	switch op {
	case dropLock, dropRead:
		w.drop(s, p, read)
	case takeLock, takeRead:
		a := acquisition{lock: p, class: p.Class(), read: read, at: call}
		w.sh.taken[p.Class()] = true
		if !read {
			w.l.writers[p.Class()] = true
		}
		if !w.meet(s, call, a) {
			return nil
		}
		w.take(s, p, read, call)
	case tryLock, tryRead:
		v := call.Value()
		if v == nil || w.sh.coarse {
			s.blur(p)
			return []*lockState{s}
		}
		a, flip, ok := w.l.atom(w.sh, v)
		if !ok {
			s.blur(p)
			return []*lockState{s}
		}
		t := s.clone()
		t.setFact(a, flip)
		s.setFact(a, !flip)
		w.take(s, p, read, call)
		return []*lockState{s, t}
	}
	return []*lockState{s}
}

// drop releases a lock, and remembers who took it.
func (w *lockWalk) drop(s *lockState, p *Place, read bool) {
	for _, x := range s.lent {
		if x.lock == p && slices.Contains(s.unsure, p) {
			w.l.handed[x.by] = true
		}
	}
	h := s.release(p, read)
	if h == nil {
		return
	}
	w.sh.freed[h.At] = true
	if call, ok := h.At.(ssa.CallInstruction); ok && lockOpOf(call.Common()) == noLockOp {
		for _, fn := range w.l.callees(call) {
			w.l.handed[fn] = true
		}
	}
}

// take adds a lock to what is held.
func (w *lockWalk) take(s *lockState, p *Place, read bool, at ssa.Instruction) {
	if i := slices.Index(s.gone, p); i >= 0 {
		s.gone = slices.Delete(s.gone, i, i+1) // as the caller had it
		return
	}
	s.unsure = slices.DeleteFunc(s.unsure, func(q *Place) bool { return q == p })
	for _, h := range s.held {
		if h.Lock == p && h.At == at && !h.stale && h.Read == read {
			return
		}
	}
	if len(s.held) < 12 {
		s.held = append(s.held, Hold{Lock: p, Read: read, At: at})
	}
}

// meet compares an acquisition with what is held. It reports whether the way goes on.
func (w *lockWalk) meet(s *lockState, call ssa.CallInstruction, a acquisition) bool {
	if a.lock != nil {
		if slices.Contains(s.gone, a.lock) {
			return true
		}
		if slices.Contains(s.unsure, a.lock) {
			w.miss(call, a.lock)
			return true
		}
		if h := s.holds(a.lock); h != nil {
			w.note(call, a, *h)
			return h.Read && a.read || a.weak || a.state
		}
		w.miss(call, a.lock)
	}
	b := a
	b.gone = slices.Clone(s.gone)
	w.sum.acquire(b, w.l)
	held := slices.DeleteFunc(slices.Clone(s.held), func(h Hold) bool { return slices.Contains(a.gone, h.Lock) })
	if w.l.record && len(held) > 0 {
		ev := &LockEvent{w.f, held, a.lock, a.class, a.read, a.chain, a.at, a.weak || a.state, nil}
		for _, h := range ev.Held {
			ev.Guarded = append(ev.Guarded, stateGuarded(call, h.At))
		}
		w.events = append(w.events, ev)
	}
	return true
}

func (w *lockWalk) miss(call ssa.Instruction, p *Place) {
	if w.l.record {
		w.l.missing[againKey{call, p}] = true
	}
}

func (w *lockWalk) note(call ssa.CallInstruction, a acquisition, h Hold) {
	if !w.l.record {
		return
	}
	weak := a.weak || a.state && len(a.chain) > 0
	for _, x := range w.again {
		if x.At == a.at && x.Hold.At == h.At && x.Hold.Lock == h.Lock && (len(x.Chain) == 0) == (len(a.chain) == 0) {
			x.Weak = x.Weak && weak
			return
		}
	}
	w.again = append(w.again, &Again{Fn: w.f, Hold: h, Read: a.read, Chain: a.chain, At: a.at, Weak: weak})
}

// doubt orders acquisitions by how sure they are.
func (a *acquisition) doubt() int {
	n := len(a.conds) + len(a.gone)
	if a.state {
		n += 10
	}
	if a.weak {
		n += 100
	}
	return n
}

// acquire adds to what the function is known to take.
func (s *lockSummary) acquire(a acquisition, l *Locks) {
	if len(s.acquires) >= maxAcquisitions || len(a.chain) > maxChain {
		return
	}
	for i := range s.acquires {
		b := &s.acquires[i]
		if b.lock == a.lock && b.class == a.class && b.read == a.read && b.doubt() <= a.doubt() {
			return
		}
	}
	at := a.at
	if len(a.chain) > 0 {
		at = a.chain[0]
	}
	a.conds = append(slices.Clone(a.conds), guards(at)...)
	a.state = a.state || stateGuarded(at, nil)
	for i := range s.acquires {
		b := &s.acquires[i]
		if b.lock == a.lock && b.class == a.class && b.read == a.read {
			if a.doubt() < b.doubt() {
				*b = a
			}
			return
		}
	}
	s.acquires = append(s.acquires, a)
}

// acquireIn does what a callee does, as far as it takes locks.
func (w *lockWalk) acquireIn(s *lockState, call ssa.CallInstruction, fn *ssa.Function, weak bool) bool {
	sum := w.l.sums[fn]
	if sum == nil {
		return true
	}
	for _, a := range sum.acquires {
		b := acquisition{class: a.class, read: a.read, at: a.at, weak: a.weak || weak, state: a.state}
		if a.lock != nil {
			b.lock = w.l.translate(a.lock, fn, call)
		}
		if b.lock != nil {
			b.class = b.lock.Class()
		}
		for _, p := range a.gone {
			if q := w.l.translate(p, fn, call); q != nil {
				b.gone = append(b.gone, q)
			}
		}
		holds := true
		for _, g := range a.conds {
			v := argument(g.param, fn, call)
			if v == nil {
				b.weak = true
				continue
			}
			switch val, known := w.ask(s, v, g.kind); {
			case known && val != g.want:
				holds = false
			case known:
			default:
				if p, ok := v.(*ssa.Parameter); ok && p.Parent() == w.f {
					b.conds = append(b.conds, guard{p, g.kind, g.want})
				}
				b.weak = true
			}
		}
		if !holds {
			continue
		}
		b.chain = append([]ssa.CallInstruction{call}, a.chain...)
		if !w.meet(s, call, b) {
			return false
		}
	}
	return true
}

func (w *lockWalk) ask(s *lockState, v ssa.Value, kind byte) (val, known bool) {
	if kind == 'b' {
		return w.truth(s, v)
	}
	return w.isNil(s, v)
}

// argument returns what a call passes for a parameter.
func argument(p *ssa.Parameter, fn *ssa.Function, call ssa.CallInstruction) ssa.Value {
	i := slices.Index(fn.Params, p)
	c := call.Common()
	args := c.Args
	if c.IsInvoke() {
		args = append([]ssa.Value{c.Value}, args...)
	}
	if i < 0 || len(args) != len(fn.Params) {
		return nil
	}
	return args[i]
}

// guards returns the conditions on parameters under which an instruction is reached.
func guards(at ssa.Instruction) (gs []guard) {
	b := at.Block()
	for d := b.Idom(); d != nil; b, d = d, d.Idom() {
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		side := -1
		for i, to := range d.Succs {
			if len(to.Preds) == 1 && to.Dominates(b) {
				side = i
			}
		}
		if side < 0 {
			continue
		}
		v, want := br.Cond, side == 0
		for {
			u, ok := v.(*ssa.UnOp)
			if !ok || u.Op.String() != "!" {
				break
			}
			v, want = u.X, !want
		}
		kind := byte('b')
		if op, ok := v.(*ssa.BinOp); ok {
			c, isConst := op.Y.(*ssa.Const)
			if !isConst {
				continue
			}
			switch op.Op.String() {
			case "!=":
				want = !want
			case "==":
			default:
				continue
			}
			switch {
			case c.IsNil():
				kind = 'n'
			case c.Value != nil && c.Value.Kind() == constant.Bool:
				want = want == constant.BoolVal(c.Value)
			default:
				continue
			}
			v = op.X
		}
		if p, ok := v.(*ssa.Parameter); ok && (kind == 'n' || isBool(p.Type())) {
			gs = append(gs, guard{p, kind, want})
		}
	}
	return gs
}

// blurAll gives up what a function that may have been called may change.
func (w *lockWalk) blurAll(s *lockState, call ssa.CallInstruction, fn *ssa.Function) {
	sum := w.l.sums[fn]
	if sum == nil {
		return
	}
	blur := func(p *Place) {
		if q := w.l.translate(p, fn, call); q != nil {
			s.blur(q)
			return
		}
		class := p.Class()
		s.held = slices.DeleteFunc(s.held, func(h Hold) bool { return class == nil || h.Lock.Class() == class })
	}
	for _, o := range sum.outcomes {
		for _, h := range o.taken {
			blur(h.Lock)
		}
		for _, p := range slices.Concat(o.gone, o.unsure) {
			blur(p)
		}
	}
	for _, p := range sum.vague {
		blur(p)
	}
}

// apply gives the states after a call of fn.
func (w *lockWalk) apply(s *lockState, call ssa.CallInstruction, fn *ssa.Function) []*lockState {
	sum := w.l.sums[fn]
	if sum == nil || len(sum.outcomes) == 0 && len(sum.vague) == 0 {
		return []*lockState{s}
	}
	for _, p := range sum.vague {
		w.blurOne(s, p, fn, call)
	}
	groups := w.told(sum, call)
	if len(groups) == 1 {
		w.effect(s, call, fn, groups[0].outcome)
		w.learn(s, groups[0].facts)
		return []*lockState{s}
	}
	var next []*lockState
	for _, g := range groups {
		t := s.clone()
		w.effect(t, call, fn, g.outcome)
		w.learn(t, g.facts)
		next = append(next, t)
	}
	return next
}

func (w *lockWalk) blurOne(s *lockState, p *Place, fn *ssa.Function, call ssa.CallInstruction) {
	if q := w.l.translate(p, fn, call); q != nil {
		s.blur(q)
	}
}

func (w *lockWalk) learn(s *lockState, facts []lockFact) {
	for _, f := range facts {
		s.setFact(f.atom, f.val)
	}
}

// told is one of the effects that the results of a call tell apart.
type told struct {
	outcome outcome
	facts   []lockFact
}

// told returns the effects of a call that the caller can tell apart by the results. Those that
// it can not are blurred into one.
func (w *lockWalk) told(sum *lockSummary, call ssa.CallInstruction) []told {
	same := true
	for i := range sum.outcomes {
		same = same && sum.outcomes[i].sameLocks(&sum.outcomes[0])
	}
	if len(sum.outcomes) == 0 {
		return []told{{}}
	}
	if same {
		return []told{{outcome: sum.outcomes[0]}}
	}
	if !w.sh.coarse {
		// A result that has one value with one effect and another with the other.
		n := len(sum.outcomes[0].results)
		for i := range n {
			a, ok := w.resultAtom(call, i, n)
			if !ok || w.sh.uses[a.atom] == 0 {
				continue
			}
			var yes, no []outcome
			clear := true
			for _, o := range sum.outcomes {
				switch o.results[i] {
				case 't':
					yes = append(yes, o)
				case 'f':
					no = append(no, o)
				default:
					clear = false
				}
			}
			if !clear || len(yes) == 0 || len(no) == 0 {
				continue
			}
			return []told{
				{merge(yes), []lockFact{{a.atom, a.val}}},
				{merge(no), []lockFact{{a.atom, !a.val}}},
			}
		}
	}
	return []told{{outcome: merge(sum.outcomes)}}
}

// merge blurs the outcomes where they differ.
func merge(os []outcome) outcome {
	m := outcome{}
	count := make(map[*Place]int)
	goneCount := make(map[*Place]int)
	for _, o := range os {
		for _, h := range o.taken {
			count[h.Lock]++
		}
		for _, p := range o.gone {
			goneCount[p]++
		}
		m.unsure = append(m.unsure, o.unsure...)
		m.own = append(m.own, o.own...)
	}
	for _, o := range os {
		for _, h := range o.taken {
			if count[h.Lock] == len(os) {
				if !slices.ContainsFunc(m.taken, func(x Hold) bool { return x.Lock == h.Lock }) {
					m.taken = append(m.taken, h)
				}
			} else {
				m.unsure = append(m.unsure, h.Lock)
				m.own = append(m.own, h.Lock)
			}
		}
		for _, p := range o.gone {
			if goneCount[p] == len(os) {
				if !slices.Contains(m.gone, p) {
					m.gone = append(m.gone, p)
				}
			} else {
				m.unsure = append(m.unsure, p)
			}
		}
	}
	return m
}

// resultAtom returns the condition that tells whether result i of a call is true, or nil.
func (w *lockWalk) resultAtom(call ssa.CallInstruction, i, n int) (lockFact, bool) {
	v := call.Value()
	if v == nil {
		return lockFact{}, false
	}
	var r ssa.Value
	if n == 1 {
		r = v
	} else {
		for _, ref := range *v.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == i {
				r = x
			}
		}
	}
	if r == nil {
		return lockFact{}, false
	}
	if isBool(r.Type()) {
		a, flip, ok := w.l.atom(w.sh, r)
		return lockFact{a, !flip}, ok
	}
	if canBeNil(r.Type()) {
		return lockFact{w.l.nilAtom(w.sh, r), true}, true
	}
	return lockFact{}, false
}

// effect changes what is held as a callee does.
func (w *lockWalk) effect(s *lockState, call ssa.CallInstruction, fn *ssa.Function, o outcome) {
	for _, p := range o.own {
		if q := w.l.translate(p, fn, call); q != nil && !slices.Contains(s.own, q) {
			s.own = append(s.own, q)
			s.lent = append(s.lent, lent{q, fn})
		}
	}
	for _, p := range o.unsure {
		w.blurOne(s, p, fn, call)
	}
	for _, p := range o.gone {
		if q := w.l.translate(p, fn, call); q != nil {
			w.drop(s, q, false)
		} else {
			class := p.Class()
			s.held = slices.DeleteFunc(s.held, func(h Hold) bool { return class == nil || h.Lock.Class() == class })
		}
	}
	for _, h := range o.taken {
		if q := w.l.translate(h.Lock, fn, call); q != nil {
			w.take(s, q, h.Read, call)
		}
	}
}

// summarize walks all functions, callees first, and those again that call one of which
// something new was learnt.
func (l *Locks) summarize() {
	const rounds = 4 // recursion settles in two or three
	dirty := make(map[*ssa.Function]bool)
	for _, f := range l.funcs {
		dirty[f] = true
	}
	for range rounds {
		for _, f := range l.funcs {
			if !dirty[f] {
				continue
			}
			delete(dirty, f)
			sum := l.walk(f)
			if old := l.sums[f]; old == nil && !sum.empty() || old != nil && !old.equal(sum) {
				for _, c := range l.callers[f] {
					if l.sums[c] != nil {
						dirty[c] = true // it has been walked with less
					}
				}
			}
			l.sums[f] = sum
		}
		if len(dirty) == 0 {
			break
		}
	}
}

// empty reports whether callers need not know the function.
func (s *lockSummary) empty() bool {
	return len(s.acquires) == 0 && len(s.waits) == 0 && len(s.vague) == 0 && !slices.ContainsFunc(s.outcomes, func(o outcome) bool {
		return len(o.taken)+len(o.gone)+len(o.unsure) > 0
	})
}

func (s *lockSummary) equal(t *lockSummary) bool {
	return slices.EqualFunc(s.outcomes, t.outcomes, func(a, b outcome) bool { return a.same(&b) }) &&
		slices.EqualFunc(s.acquires, t.acquires, func(a, b acquisition) bool {
			return a.lock == b.lock && a.class == b.class && a.read == b.read && a.weak == b.weak
		}) &&
		slices.EqualFunc(s.waits, t.waits, func(a, b waiting) bool { return a.at == b.at })
}

// nameable reports whether a caller may know a place that begins at v.
func nameable(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Parameter, *ssa.Global, *ssa.FreeVar:
		return true
	}
	return false
}

// findFreed learns which locks are released by somebody who is not called by who took them.
func (l *Locks) findFreed() {
	for _, f := range l.m.funcs {
		// A method value such as mu.Unlock is a release that may happen anywhere.
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				if mc, ok := instr.(*ssa.MakeClosure); ok && len(mc.Bindings) == 1 {
					obj := mc.Fn.(*ssa.Function).Object()
					if lint.IsMethod(obj, "sync", "Mutex", "Unlock") || lint.IsMethod(obj, "sync", "RWMutex", "Unlock", "RUnlock") {
						p, _ := l.lockPlace(mc.Bindings[0])
						l.freed[p.Class()], l.crossed[p.Class()] = true, true
					}
				}
			}
		}
		sum := l.sums[f]
		if sum == nil {
			continue
		}
		outside := l.m.named(f.Object()) || len(l.m.sites[f]) == 0
		if !l.loose[f] && !outside {
			continue
		}
		mark := func(p *Place) {
			_, local := p.root.(*ssa.Alloc) // nobody who calls f can have taken it
			if !local && !nameable(p.root) && l.walked[f].taken[p.Class()] {
				return // one of several: what a loop locks, another loop unlocks
			}
			l.freed[p.Class()] = true
			if l.loose[f] || local {
				l.crossed[p.Class()] = true
			}
		}
		for _, o := range sum.outcomes {
			for _, p := range o.gone {
				mark(p)
			}
			for _, p := range o.unsure {
				if !slices.Contains(o.own, p) {
					mark(p)
				}
			}
		}
		for _, p := range sum.vague {
			mark(p)
		}
	}
}
