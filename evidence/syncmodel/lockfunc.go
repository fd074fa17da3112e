package syncmodel

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// running is a call of a parameter, by the function itself or by what it passes it on to:
// what the argument does is done with what is held here.
type running struct {
	param *ssa.Parameter
	held  []Hold
	gone  []*Place // released meanwhile
	at    ssa.CallInstruction
	chain []ssa.CallInstruction // calls that lead to at
	state bool                  // happens only while some object is in a certain state
}

const maxRuns = 8

// run adds a call of a parameter. What is not held on all ways to it does not count.
func (s *lockSummary) run(r running) {
	for i := range s.runs {
		x := &s.runs[i]
		if x.param == r.param && x.at == r.at && len(x.chain) == len(r.chain) && (len(r.chain) == 0 || x.chain[0] == r.chain[0]) {
			x.held = slices.DeleteFunc(x.held, func(h Hold) bool {
				return !slices.ContainsFunc(r.held, func(o Hold) bool { return o.Lock == h.Lock && o.Read == h.Read })
			})
			for _, p := range r.gone {
				if !slices.Contains(x.gone, p) {
					x.gone = append(x.gone, p)
				}
			}
			return
		}
	}
	if len(s.runs) < maxRuns && len(r.chain) < maxChain {
		s.runs = append(s.runs, r)
	}
}

func (r *running) same(o *running) bool {
	return r.param == o.param && r.at == o.at &&
		slices.EqualFunc(r.held, o.held, func(a, b Hold) bool { return a.Lock == b.Lock && a.Read == b.Read })
}

// live returns what is held, but for what has got another name since.
func (s *lockState) live() (held []Hold) {
	for _, h := range s.held {
		if !h.stale {
			held = append(held, h)
		}
	}
	return held
}

// parameterOf returns the parameter of f that a value is.
func parameterOf(v ssa.Value, f *ssa.Function) *ssa.Parameter {
	if p, ok := funcSource(v).(*ssa.Parameter); ok && p.Parent() == f {
		return p
	}
	return nil
}

// funcSource follows a function value through a variable that is set once.
func funcSource(v ssa.Value) ssa.Value {
	for range 4 {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
		case *ssa.UnOp:
			a := lazyssa.Variable(x.X)
			if a == nil {
				return v
			}
			sts := stores(a)
			if len(sts) != 1 {
				return v
			}
			v = sts[0].Val
		default:
			return v
		}
	}
	return v
}

// runArguments does what the function values do that a call hands to a callee which calls
// them, with what the callee holds then.
func (w *lockWalk) runArguments(s *lockState, call ssa.CallInstruction, fn *ssa.Function) {
	sum := w.l.sums[fn]
	if sum == nil {
		return
	}
	for i := range sum.runs {
		r := &sum.runs[i]
		arg := argument(r.param, fn, call)
		if arg == nil {
			continue
		}
		t := s.clone()
		t.held = t.live()
		for _, p := range r.gone {
			if q := w.l.translate(p, fn, call); q != nil {
				t.held = slices.DeleteFunc(t.held, func(h Hold) bool { return h.Lock == q })
				if !slices.Contains(t.gone, q) {
					t.gone = append(t.gone, q)
				}
			}
		}
		for _, h := range r.held {
			if q := w.l.translate(h.Lock, fn, call); q != nil {
				t.held = append(t.held, Hold{Lock: q, Read: h.Read, At: h.At})
			}
		}
		w.runValue(t, call, fn, r, arg)
	}
}

// runValue does what a function value does that fn, which call calls, calls in its turn.
func (w *lockWalk) runValue(s *lockState, call ssa.CallInstruction, fn *ssa.Function, r *running, arg ssa.Value) {
	chain := append([]ssa.CallInstruction{call}, r.chain...)
	if p := parameterOf(arg, w.f); p != nil {
		w.sum.run(running{param: p, held: s.held, gone: slices.Clone(s.gone), at: r.at, chain: chain, state: r.state})
		return
	}
	var g *ssa.Function
	switch v := funcSource(arg).(type) {
	case *ssa.MakeClosure:
		g = origin(v.Fn.(*ssa.Function))
	case *ssa.Function:
		g = origin(v)
	}
	if g == nil || !w.l.m.inside(g) || w.l.sums[g] == nil {
		return
	}
	in := &entry{fn: g, call: call, chain: append(chain, r.at), state: r.state, translate: func(p *Place) *Place {
		if param, ok := p.root.(*ssa.Parameter); ok && param.Parent() == g {
			if len(r.chain) > 0 {
				return nil
			}
			if p = w.l.translate(p, g, r.at); p == nil {
				return nil
			}
			return w.l.translate(p, fn, call)
		}
		return w.l.translate(p, g, call)
	}}
	w.blockAs(s, in)
	w.acquireAs(s, in)
}

// runsAtOnce reports whether a function of the standard library calls its function
// arguments before it returns, in the same goroutine.
func runsAtOnce(fn *ssa.Function) bool {
	if fn == nil || fn.Object() == nil || fn.Object().Pkg() == nil {
		return false
	}
	switch obj := fn.Object(); obj.Pkg().Path() {
	case "slices", "sort", "maps", "strings", "bytes", "path/filepath", "io/fs", "go/ast":
		return true
	case "sync":
		return lint.IsMethod(obj, "sync", "Map", "Range")
	}
	return false
}

// runOutside does what the literals do that are handed to a function of the standard library.
func (w *lockWalk) runOutside(s *lockState, call ssa.CallInstruction) {
	for _, arg := range call.Common().Args {
		mc, ok := arg.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		g := origin(mc.Fn.(*ssa.Function))
		if !w.l.m.inside(g) || w.l.sums[g] == nil {
			continue
		}
		in := &entry{fn: g, call: call, chain: []ssa.CallInstruction{call}, translate: func(p *Place) *Place {
			if param, ok := p.root.(*ssa.Parameter); ok && param.Parent() == g {
				return nil
			}
			return w.l.translate(p, g, call)
		}}
		w.blockAs(s, in)
		w.acquireAs(s, in)
	}
}

// handedFunc is a function value that a call has returned: the function, or the unlocking
// method of a lock, and the calls that it came by, innermost first.
type handedFunc struct {
	fn   *ssa.Function
	op   lockOp // of a method value
	lock *Place // where fn was made
	via  []*ssa.Call
}

// translate names a place of where the function value was made in terms of who got it.
func (h *handedFunc) translate(l *Locks, p *Place) *Place {
	for _, call := range h.via {
		if p == nil {
			return nil
		}
		p = l.translate(p, origin(call.Call.StaticCallee()), call)
	}
	return p
}

// handedBy returns the function that a value is if some function of the package made and
// returned it, or the value is a method of a lock. It returns nil if that is not known.
func (l *Locks) handedBy(v ssa.Value) *handedFunc {
	if _, ok := v.Type().Underlying().(*types.Signature); !ok {
		return nil
	}
	return l.handedValue(funcSource(v), 3)
}

func (l *Locks) handedValue(v ssa.Value, depth int) *handedFunc {
	switch x := v.(type) {
	case *ssa.MakeClosure:
		fn := x.Fn.(*ssa.Function)
		if isUnlock(fn) && len(x.Bindings) == 1 {
			p, reader := l.lockPlace(x.Bindings[0])
			op := lockOps[fn.Object().Name()]
			if reader && op == dropLock {
				op = dropRead
			}
			return &handedFunc{fn: fn, op: op, lock: p}
		}
		if fn = origin(fn); l.m.inside(fn) {
			return &handedFunc{fn: fn}
		}
	case *ssa.Extract:
		if call, ok := x.Tuple.(*ssa.Call); ok && depth > 0 {
			return l.handedResult(call, x.Index, depth-1)
		}
	case *ssa.Call:
		if depth > 0 {
			return l.handedResult(x, 0, depth-1)
		}
	}
	return nil
}

// handedResult returns the function that result i of a call is, the same one wherever the
// callee returns one.
func (l *Locks) handedResult(call *ssa.Call, i, depth int) *handedFunc {
	fn := call.Call.StaticCallee()
	if fn == nil || !l.m.inside(origin(fn)) {
		return nil
	}
	var one *handedFunc
	for _, b := range origin(fn).Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || i >= len(ret.Results) || lazyssa.IsZero(ret.Results[i]) {
			continue
		}
		h := l.handedValue(funcSource(ret.Results[i]), depth)
		if h == nil || one != nil && (one.fn != h.fn || one.lock != h.lock || len(one.via) != len(h.via)) {
			return nil
		}
		one = h
	}
	if one == nil {
		return nil
	}
	return &handedFunc{one.fn, one.op, one.lock, append(slices.Clone(one.via), call)}
}

// isUnlock reports whether a function is an unlocking method of package sync.
func isUnlock(fn *ssa.Function) bool {
	return lint.IsMethod(fn.Object(), "sync", "Mutex", "Unlock") || lint.IsMethod(fn.Object(), "sync", "RWMutex", "Unlock", "RUnlock")
}

// callHanded calls a function value that some call has returned, as far as it unlocks. It
// reports whether it is one.
func (w *lockWalk) callHanded(s *lockState, c *ssa.CallCommon) bool {
	if c.IsInvoke() || c.StaticCallee() != nil && len(c.StaticCallee().FreeVars) == 0 {
		return false
	}
	h := w.l.handedBy(c.Value)
	if h == nil {
		return false
	}
	if h.lock != nil {
		if p := h.translate(w.l, h.lock); p != nil {
			w.drop(s, p, h.op == dropRead)
		}
		return true
	}
	if len(h.via) == 0 {
		return false // a literal of this function: an ordinary callee
	}
	sum := w.l.sums[h.fn]
	if sum == nil {
		return false
	}
	if len(sum.outcomes) == 0 {
		return false
	}
	o := merge(sum.outcomes)
	for _, p := range o.gone {
		if q := h.translate(w.l, p); q != nil {
			w.drop(s, q, false)
		}
	}
	for _, p := range slices.Concat(o.unsure, sum.vague) {
		if q := h.translate(w.l, p); q != nil {
			s.blur(q)
		}
	}
	return true
}

// comesBack reports whether a function literal or method value is only called where it is
// made, or returned: then only who has got it can call it.
func comesBack(mc *ssa.MakeClosure) bool {
	return onlyCalled(mc, true, 6)
}

// onlyCalled reports whether a function value is only called, or returned if that is allowed.
func onlyCalled(v ssa.Value, returned bool, depth int) bool {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Return:
			if !returned {
				return false
			}
		case *ssa.Call:
			if ref.Call.Value != v || slices.Contains(ref.Call.Args, v) {
				return false
			}
		case *ssa.Defer:
			if ref.Call.Value != v || slices.Contains(ref.Call.Args, v) {
				return false
			}
		case *ssa.ChangeType:
			if !onlyCalled(ref, returned, depth-1) {
				return false
			}
		case *ssa.Store:
			a, ok := ref.Addr.(*ssa.Alloc)
			if !ok || ref.Val != v || !onlyRuns(a, returned, depth-1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// onlyRuns reports whether the function in a variable is only called, here and in
// function literals that are themselves only called or deferred.
func onlyRuns(v ssa.Value, returned bool, depth int) bool {
	if depth <= 0 {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.DebugRef, *ssa.Store:
		case *ssa.UnOp:
			if !onlyCalled(ref, returned, depth-1) {
				return false
			}
		case *ssa.MakeClosure:
			if !onlyCalled(ref, false, depth-1) {
				return false
			}
			for i, b := range ref.Bindings {
				if b == v && !onlyRuns(ref.Fn.(*ssa.Function).FreeVars[i], false, depth-1) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// kept reports whether the function that unlocks what a call has locked is more than called:
// whoever has it may call it later.
func (l *Locks) kept(at ssa.Instruction) bool {
	call, ok := at.(*ssa.Call)
	if !ok {
		return false
	}
	results := []ssa.Value{call}
	if call.Call.Signature().Results().Len() > 1 {
		results = nil
		for _, ref := range *call.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok {
				results = append(results, x)
			}
		}
	}
	return slices.ContainsFunc(results, func(v ssa.Value) bool {
		_, ok := v.Type().Underlying().(*types.Signature)
		return ok && !onlyCalled(v, false, 6)
	})
}

// givesBack reports whether a return hands the caller a function that unlocks what is held,
// or one of which nothing is known.
func (w *lockWalk) givesBack(ret *ssa.Return, lock *Place) bool {
	return slices.ContainsFunc(ret.Results, func(r ssa.Value) bool {
		if _, ok := r.Type().Underlying().(*types.Signature); !ok || lazyssa.IsZero(r) {
			return false
		}
		h := w.l.handedBy(r)
		if h == nil || h.lock != nil || len(h.via) > 0 {
			return h == nil || len(h.via) > 0 || h.lock == lock
		}
		sum := w.l.sums[h.fn]
		return sum != nil && (slices.Contains(sum.vague, lock) || slices.ContainsFunc(sum.outcomes, func(o outcome) bool {
			return slices.Contains(o.gone, lock) || slices.Contains(o.unsure, lock)
		}))
	})
}
