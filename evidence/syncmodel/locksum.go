package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

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
	return len(s.acquires) == 0 && len(s.waits) == 0 && len(s.runs) == 0 && len(s.vague) == 0 && !slices.ContainsFunc(s.outcomes, func(o outcome) bool {
		return len(o.taken)+len(o.gone)+len(o.unsure) > 0
	})
}

func (s *lockSummary) equal(t *lockSummary) bool {
	return slices.EqualFunc(s.runs, t.runs, func(a, b running) bool { return a.same(&b) }) &&
		slices.EqualFunc(s.outcomes, t.outcomes, func(a, b outcome) bool { return a.same(&b) }) &&
		slices.EqualFunc(s.acquires, t.acquires, func(a, b acquisition) bool {
			return a.same(&b) && a.weak == b.weak
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

// calledWithin reports whether a literal is called by nobody but the function that it is in,
// and the literals there, as in unlock := func() { ... }.
func (m *Model) calledWithin(fn *ssa.Function) bool {
	if fn.Parent() == nil {
		return false
	}
	found := false
	for _, d := range m.calls {
		if !d.bound[fn] {
			continue
		}
		if _, isGo := d.call.(*ssa.Go); isGo || lazyssa.Outermost(d.call.Parent()) != lazyssa.Outermost(fn) || m.node(d.call.Common().Value).outside != 0 {
			return false
		}
		found = true
	}
	return found
}

// findFreed learns which locks are released by somebody who is not called by who took them.
func (l *Locks) findFreed() {
	spread := make(map[*ssa.Function]bool) // literals that more is done with than to call or return them
	for _, f := range l.m.funcs {
		// A method value such as mu.Unlock is a release that may happen anywhere.
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				mc, ok := instr.(*ssa.MakeClosure)
				if !ok {
					continue
				}
				if lint.IsMethod(mc.Fn.(*ssa.Function).Object(), "sync", "Locker", "Unlock") {
					l.freeLockers()
				} else if back := comesBack(mc); !back && len(mc.Bindings) == 1 && isUnlock(mc.Fn.(*ssa.Function)) {
					p, _ := l.lockPlace(mc.Bindings[0])
					l.freed[p.Class()], l.crossed[p.Class()] = true, true
				} else if !back {
					spread[origin(mc.Fn.(*ssa.Function))] = true
				}
			}
		}
	}
	for _, f := range l.m.funcs {
		sum := l.sums[f]
		if sum == nil {
			continue
		}
		outside := l.m.named(f.Object()) || len(l.m.sites[f]) == 0
		if !l.loose[f] && !outside || l.m.calledWithin(f) || len(f.FreeVars) > 0 && !spread[f] {
			continue
		}
		if l.loose[f] { // even if it takes them again: somebody else's, for a while
			for class := range l.walked[f].lent {
				l.freed[class], l.crossed[class] = true, true
			}
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

// freeLockers takes all locks that the package makes a sync.Locker of to be released anywhere: a
// method value of one is.
func (l *Locks) freeLockers() {
	for _, f := range l.m.funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				if mi, ok := instr.(*ssa.MakeInterface); ok && lint.IsNamed(mi.Type(), "sync", "Locker") {
					p, _ := l.lockPlace(mi.X)
					l.freed[p.Class()], l.crossed[p.Class()] = true, true
				}
			}
		}
	}
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
		if q := w.l.translate(p, fn, call); q != nil {
			s.blur(q)
		}
	}
	return w.split(s, call, sum.outcomes, func(s *lockState, o outcome) { w.effect(s, call, fn, o) })
}

// split gives the states after a call that has several outcomes; change brings one about.
func (w *lockWalk) split(s *lockState, call ssa.CallInstruction, outcomes []outcome, change func(*lockState, outcome)) []*lockState {
	groups := w.told(outcomes, call)
	if len(groups) == 1 {
		change(s, groups[0].outcome)
		w.learn(s, groups[0].facts)
		return []*lockState{s}
	}
	var next []*lockState
	for _, g := range groups {
		t := s.clone()
		change(t, g.outcome)
		w.learn(t, g.facts)
		next = append(next, t)
	}
	return next
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
func (w *lockWalk) told(outcomes []outcome, call ssa.CallInstruction) []told {
	same := true
	for i := range outcomes {
		same = same && outcomes[i].sameLocks(&outcomes[0])
	}
	if len(outcomes) == 0 {
		return []told{{}}
	}
	if same {
		return []told{{outcome: outcomes[0]}}
	}
	if !w.sh.coarse {
		// A result that has one value with one effect and another with the other.
		n := len(outcomes[0].results)
		for i := range n {
			a, ok := w.resultAtom(call, i)
			if !ok || w.sh.uses[a.atom] == 0 {
				continue
			}
			var yes, no []outcome
			clear := true
			for _, o := range outcomes {
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
	return []told{{outcome: merge(outcomes)}}
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
func (w *lockWalk) resultAtom(call ssa.CallInstruction, i int) (lockFact, bool) {
	v := call.Value()
	if v == nil {
		return lockFact{}, false
	}
	r := lazyssa.Result(v, i)
	if r == nil {
		return lockFact{}, false
	}
	if lint.IsBool(r.Type()) {
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
	var here outcome
	for _, p := range o.unsure {
		if q := w.l.translate(p, fn, call); q != nil {
			here.unsure = append(here.unsure, q)
			continue
		}
		for _, h := range s.held { // it may be any of these
			if class := p.Class(); class == nil || h.Lock.Class() == class {
				here.unsure = append(here.unsure, h.Lock)
			}
		}
	}
	for _, p := range o.gone {
		if q := w.l.translate(p, fn, call); q != nil {
			here.gone = append(here.gone, q)
		} else {
			class := p.Class()
			s.held = slices.DeleteFunc(s.held, func(h Hold) bool { return class == nil || h.Lock.Class() == class })
		}
	}
	for _, h := range o.taken {
		q := w.l.translate(h.Lock, fn, call)
		if q == nil {
			q = w.l.handedOut(h.Lock, fn, call)
		}
		if q != nil {
			here.taken = append(here.taken, Hold{Lock: q, Read: h.Read, At: call})
		}
	}
	w.change(s, here)
}

// change changes what is held as a callee does, with the locks as the caller names them.
func (w *lockWalk) change(s *lockState, o outcome) {
	for _, p := range o.unsure {
		s.blur(p)
	}
	for _, p := range o.gone {
		w.drop(s, p, false)
	}
	for _, h := range o.taken {
		w.take(s, h.Lock, h.Read, h.At)
	}
}
