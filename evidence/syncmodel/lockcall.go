package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
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
	if w.callHanded(s, c) {
		return []*lockState{s}
	}
	if p := parameterOf(c.Value, w.f); p != nil && !c.IsInvoke() {
		w.sum.run(running{param: p, held: s.live(), gone: slices.Clone(s.gone), at: call, state: w.l.m.stateGuarded(call, nil)})
	}
	fns := l.callees(call)
	known := l.m.known(call)
	if fn := c.StaticCallee(); len(fns) == 1 && fn != nil {
		w.runArguments(s, call, fns[0])
	} else if runsAtOnce(fn) {
		w.runOutside(s, call)
	}
	if c.StaticCallee() == nil && !(known && len(fns) > 0) || passesFunc(c) {
		// Whatever it is, it may do what function values do.
		s.held = slices.DeleteFunc(s.held, func(h Hold) bool { return l.crossed[h.Lock.Class()] })
	}
	if len(fns) == 0 {
		if e := l.foreign(c); e != nil {
			return w.runForeign(s, call, e)
		}
		w.giveAway(s, c)
		return []*lockState{s}
	}
	if formats(c) {
		for _, fn := range fns {
			w.acquireAs(s, w.into(call, fn, false))
		}
		return []*lockState{s}
	}
	sure := len(fns) == 1 && known
	for _, fn := range fns {
		in := w.into(call, fn, !sure && !callsEach(c) && !l.ownElement(c, fn))
		w.blockAs(s, in)
		if !w.acquireAs(s, in) && sure {
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

// callsEach reports whether a call in a loop is of each function, or of a method of each object, that
// a list or map has: whatever may be called is.
func callsEach(c *ssa.CallCommon) bool {
	return c.StaticCallee() == nil && lazyssa.Mentions(c.Value, 4, func(v ssa.Value) bool {
		_, byKey := v.(*ssa.Lookup)
		return !byKey && isElement(v) && inCycle(v.(ssa.Instruction).Block())
	})
}

// giveAway forgets the locks that a call hands to code out of sight, which may release them. Package
// sync does not, but as one knows it.
func (w *lockWalk) giveAway(s *lockState, c *ssa.CallCommon) {
	if fn := c.StaticCallee(); fn != nil && fn.Pkg != nil && fn.Pkg.Pkg.Path() == "sync" {
		return
	}
	for _, arg := range c.Args {
		t := arg.Type()
		if mi, ok := arg.(*ssa.MakeInterface); ok {
			t = mi.X.Type()
		}
		if ptr, ok := t.Underlying().(*types.Pointer); ok && lint.IsNamed(ptr.Elem(), "sync", "Mutex", "RWMutex") {
			if p, _ := w.l.lockPlace(lazyssa.Strip(arg)); p != nil {
				s.blur(p)
			}
		}
	}
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
		if slices.Contains(s.gone, p) {
			w.sh.lent[p.Class()] = true
		}
		w.got(p)
		return
	}
	w.sh.freed[h.At] = true
	if call, ok := h.At.(ssa.CallInstruction); ok && lockOpOf(call.Common()) == noLockOp {
		for _, fn := range w.l.callees(call) {
			w.l.handed[fn] = true
		}
	}
}

// got notes that a lock which is released here was not taken here: if it is one of an object that a
// call has returned, the function may have locked it for us.
func (w *lockWalk) got(p *Place) {
	v := p.root
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	if call, ok := v.(*ssa.Call); ok {
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
