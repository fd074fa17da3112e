package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// The limits of a walk.
const (
	maxLockStates   = 24      // different states at one block
	maxLockSteps    = 3000    // blocks entered in one function
	maxLockPackage  = 300_000 // blocks entered in a package: about half a second
	maxAcquisitions = 48      // of one summary
	maxChain        = 8       // calls that lead to an acquisition
	maxOutcomes     = 6       // of one function
)

// lockSummary is what callers know of a function.
type lockSummary struct {
	outcomes []outcome // the ways to return; none if it never does
	vague    []*Place  // may or may not be changed: too many ways
	acquires []acquisition
	waits    []waiting
	runs     []running
}

// outcome is one way to return.
type outcome struct {
	taken   []Hold
	gone    []*Place
	unsure  []*Place
	own     []*Place // unsure, but not because it released what it had not taken
	results []byte   // of each result: 0 unknown, 't' true or nil, 'f' false or not nil
}

// acquisition is a lock that a function takes, itself or through what it calls, without
// having released it.
type acquisition struct {
	lock  *Place // nil if it has no name outside
	class any
	read  bool
	at    ssa.Instruction
	chain []ssa.CallInstruction
	conds []guard
	gone  []*Place // released meanwhile
	weak  bool     // depends on what a call is to, or on arguments that are not known
	state bool     // happens only while some object is in a certain state
	given bool     // happens only for objects that are made so
	again bool     // the caller held it, and it was released for a while

	element element // that the lock is of, if it has no name
}

// guard is a condition on a parameter under which something happens.
type guard struct {
	param *ssa.Parameter
	kind  byte // 'b' is true, 'n' is nil, 'k' is a map that has the key
	want  bool
	key   string
}

// walk follows all ways through a function and returns its summary.
func (l *Locks) walk(f *ssa.Function) *lockSummary {
	sh := l.shapeOf(f)
	w := &lockWalk{l: l, f: f, sh: sh, sum: new(lockSummary), seen: make(map[digest]bool), states: make(map[*ssa.BasicBlock]int)}
	if !l.locking[f] {
		w.scan()
		return w.sum
	}
	if !w.run() {
		sh.coarse = true
		w.sum = new(lockSummary)
		w.seen = make(map[digest]bool)
		w.states = make(map[*ssa.BasicBlock]int)
		w.again, w.left, w.ends, w.events, w.blocked = nil, nil, nil, nil, nil
		w.failed = !w.run()
	}
	if w.failed {
		w.sum.outcomes = nil
		w.left, w.again = nil, nil
	}
	if l.record {
		w.sure()
		l.again = append(l.again, w.again...)
		l.left = append(l.left, w.left...)
		l.events = append(l.events, w.events...)
		l.blocked = append(l.blocked, w.blocked...)
	}
	return w.sum
}

type lockWalk struct {
	l      *Locks
	f      *ssa.Function
	sh     *shape
	sum    *lockSummary
	seen   map[digest]bool
	states map[*ssa.BasicBlock]int
	work   []*lockState
	steps  int
	failed bool

	again   []*Again
	left    []*Left
	ends    []ending
	events  []*LockEvent
	blocked []*BlockEvent
}

// scan notes where a function waits that has nothing to do with locks.
func (w *lockWalk) scan() {
	s := new(lockState)
	for _, b := range w.f.Blocks {
		for _, instr := range b.Instrs {
			switch v := instr.(type) {
			case *ssa.Send:
				w.blockAt(s, waiting{at: v})
			case *ssa.Select:
				if v.Blocking {
					w.blockAt(s, waiting{at: v})
				}
			case *ssa.UnOp:
				if isReceive(v) {
					w.blockAt(s, waiting{at: v})
				}
			case *ssa.Go:
			case ssa.CallInstruction:
				if waits(v.Common()) {
					w.blockAt(s, waiting{at: v})
				}
				if p := parameterOf(v.Common().Value, w.f); p != nil {
					w.sum.run(running{param: p, at: v, state: w.l.m.stateGuarded(v, nil)})
				}
				fns := w.l.callees(v)
				if len(fns) == 1 && v.Common().StaticCallee() != nil {
					w.runArguments(s, v, fns[0])
				}
				for _, fn := range fns {
					w.blockAs(s, w.into(v, fn, len(fns) > 1 || !w.l.m.known(v)))
				}
			}
		}
	}
}

func (w *lockWalk) run() bool {
	w.steps = 0
	w.work = []*lockState{{block: w.f.Blocks[0]}}
	for len(w.work) > 0 {
		s := w.work[len(w.work)-1]
		w.work = w.work[:len(w.work)-1]
		var k digest
		k, w.l.scratch = s.key(w.l.scratch)
		if w.seen[k] {
			continue
		}
		w.seen[k] = true
		if s.idx == 0 {
			if w.states[s.block]++; w.states[s.block] > maxLockStates {
				w.work = nil
				return false
			}
		}
		w.l.steps++
		if w.steps++; w.steps > maxLockSteps || w.l.steps > maxLockPackage {
			w.work = nil
			return false
		}
		w.block(s)
	}
	return true
}

// block runs a block from where the state is; what follows is put on the list of work.
func (w *lockWalk) block(s *lockState) {
	for ; s.idx < len(s.block.Instrs); s.idx++ {
		if lazyssa.Ends(s.block.Instrs[s.idx]) {
			return
		}
		switch v := s.block.Instrs[s.idx].(type) {
		case *ssa.Phi:
			// done on the edge
		case *ssa.Defer:
			if !slices.Contains(s.defers, v) && w.l.matters(v) {
				s.defers = append(s.defers, v)
			}
		case *ssa.RunDefers:
			if n := len(s.defers); n > 0 {
				d := s.defers[n-1]
				s.defers = s.defers[:n-1]
				w.work = append(w.work, w.call(s, d)...) // comes back here
				return
			}
		case *ssa.Go:
			w.hold(s, v)
		case *ssa.Call:
			w.anew(s, v)
			next := w.call(s, v)
			if len(next) == 1 && next[0] == s {
				continue
			}
			for _, t := range next {
				t.idx++
				w.work = append(w.work, t)
			}
			return
		case *ssa.Store:
			w.store(s, v)
		case *ssa.Return:
			w.returns(s, v)
			return
		case *ssa.Panic:
			return
		case *ssa.If:
			w.branch(s, v)
			return
		case *ssa.Jump:
			w.enter(s, s.block.Succs[0])
			return
		case ssa.Value:
			w.anew(s, v)
			if instr := v.(ssa.Instruction); isReceive(v) {
				w.hold(s, instr)
				w.blockAt(s, waiting{at: instr})
			} else if sel, ok := v.(*ssa.Select); ok {
				w.hold(s, sel)
				if sel.Blocking {
					w.blockAt(s, waiting{at: sel})
				}
			}
		case *ssa.Send:
			w.hold(s, v)
			w.blockAt(s, waiting{at: v})
		}
	}
}

// matters reports whether a call may change what is locked.
func (l *Locks) matters(call ssa.CallInstruction) bool {
	c := call.Common()
	return lockOpOf(c) != noLockOp || len(l.callees(call)) > 0 || l.foreign(c) != nil || !c.IsInvoke() && l.handedBy(c.Value) != nil || parameterOf(c.Value, call.Parent()) != nil
}

// anew notes that a value is computed again: what was named by it is another object now.
func (w *lockWalk) anew(s *lockState, v ssa.Value) {
	for i := 0; i < len(s.held); i++ {
		h := s.held[i]
		if definer(h.Lock.root) != v || h.stale {
			continue
		}
		w.lose(s, h, v)
		// One of them stands for all rounds.
		if slices.ContainsFunc(s.held, func(x Hold) bool { return x.stale && x.At == h.At && x.Lock == h.Lock }) {
			s.held = slices.Delete(s.held, i, i+1)
			i--
			continue
		}
		s.held[i].stale = true
	}
	other := func(p *Place) bool { return definer(p.root) == v }
	s.gone = slices.DeleteFunc(s.gone, other)
	s.unsure = slices.DeleteFunc(s.unsure, other)
}

// definer returns what computes a value: for a result of several, the call.
func definer(v ssa.Value) ssa.Value {
	if x, ok := v.(*ssa.Extract); ok {
		if call, ok := x.Tuple.(*ssa.Call); ok {
			return call
		}
	}
	return v
}

// lose notes a lock that is held when the value which it is named by is computed again, in
// the next round of a loop: nothing unlocks it any more.
func (w *lockWalk) lose(s *lockState, h Hold, v ssa.Value) {
	if !w.l.record || w.sh.coarse || !inCycle(h.At.Block()) {
		return
	}
	for _, d := range s.defers {
		if op, p := w.l.lockCall(d.Common()); op == noLockOp || p.Class() == h.Lock.Class() {
			return // unlocked at the end
		}
	}
	if !slices.ContainsFunc(w.left, func(x *Left) bool { return x.Hold.At == h.At && x.Hold.Lock == h.Lock }) {
		w.left = append(w.left, &Left{Fn: w.f, Hold: h, Next: v})
	}
}

// returns ends a way.
func (w *lockWalk) returns(s *lockState, ret *ssa.Return) {
	o := outcome{gone: slices.Clone(s.gone), unsure: slices.Clone(s.unsure), own: slices.Clone(s.own), results: make([]byte, len(ret.Results))}
	for _, h := range s.held {
		if !h.stale {
			o.taken = append(o.taken, h)
		}
	}
	for i, r := range ret.Results {
		val, known := false, false
		if lint.IsBool(r.Type()) {
			val, known = w.truth(s, r)
		} else if canBeNil(r.Type()) {
			val, known = w.isNil(s, r)
		}
		if known {
			o.results[i] = 'f'
			if val {
				o.results[i] = 't'
			}
		}
	}
	w.sum.add(o)
	if !w.l.record || w.sh.coarse {
		return
	}
	for _, h := range o.taken {
		if w.l.kept(h.At) || w.givesBack(ret, h.Lock) {
			continue
		}
		i := slices.IndexFunc(w.left, func(x *Left) bool { return x.Hold.At == h.At && x.Hold.Lock == h.Lock })
		if i < 0 {
			i = len(w.left)
			w.left = append(w.left, &Left{Fn: w.f, Hold: h})
		}
		if x := w.left[i]; !slices.Contains(x.Returns, ret) {
			x.Returns = append(x.Returns, ret)
		}
	}
	w.ends = append(w.ends, ending{ret, o.taken})
}

// ending is what one way to a return holds.
type ending struct {
	ret   *ssa.Return
	taken []Hold
}

// sure tells of each lock that is left whether all ways to these returns hold it.
func (w *lockWalk) sure() {
	for _, x := range w.left {
		x.Sure = !slices.ContainsFunc(w.ends, func(e ending) bool {
			return slices.Contains(x.Returns, e.ret) &&
				!slices.ContainsFunc(e.taken, func(h Hold) bool { return h.Lock == x.Hold.Lock && h.At == x.Hold.At })
		})
	}
}

func (o *outcome) same(p *outcome) bool {
	return o.sameLocks(p) && string(o.results) == string(p.results)
}

func (o *outcome) sameLocks(p *outcome) bool {
	return slices.EqualFunc(o.taken, p.taken, func(a, b Hold) bool { return a.Lock == b.Lock && a.Read == b.Read }) &&
		slices.Equal(o.gone, p.gone) && slices.Equal(o.unsure, p.unsure)
}

func (s *lockSummary) add(o outcome) {
	for i := range s.outcomes {
		if s.outcomes[i].same(&o) {
			return
		}
	}
	// Outcomes that differ in what they return only are one if there are many.
	if len(s.outcomes) >= maxOutcomes {
		for i := range s.outcomes {
			if p := &s.outcomes[i]; p.sameLocks(&o) {
				for j := range p.results {
					if p.results[j] != o.results[j] {
						p.results[j] = 0
					}
				}
				return
			}
		}
		o.blur(s)
		return
	}
	s.outcomes = append(s.outcomes, o)
}

// blur gives up telling an outcome from the others.
func (o *outcome) blur(s *lockSummary) {
	for _, h := range o.taken {
		s.vague = append(s.vague, h.Lock)
	}
	s.vague = append(s.vague, o.gone...)
	s.vague = append(s.vague, o.unsure...)
}
