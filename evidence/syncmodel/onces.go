package syncmodel

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A Reentry is a call of the Do of a sync.Once by the function that this very Once runs: it waits
// for the end of the function that waits for it.
type Reentry struct {
	Fn    *ssa.Function         // that the Once runs
	Once  *Place                // in the caller of the outer Do
	Outer ssa.CallInstruction   // the call of Do that runs it
	Chain []ssa.CallInstruction // calls that lead from Fn to At
	At    ssa.CallInstruction   // the inner call of Do
	Weak  bool                  // it comes there only while a flag is set that Fn itself may change
}

const maxOnceDepth = 6

// Reentries returns the calls of Do that wait for their own caller, one for each call of Do.
func (l *Locks) Reentries() (found []*Reentry) {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	for _, fn := range l.m.Funcs() {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				do, ok := instr.(ssa.CallInstruction)
				if !ok || !isDo(do) {
					continue
				}
				if r := l.reentry(do); r != nil {
					found = append(found, r)
				}
			}
		}
	}
	return found
}

func isDo(call ssa.CallInstruction) bool {
	fn := call.Common().StaticCallee()
	return fn != nil && lint.IsMethod(fn.Object(), "sync", "Once", "Do")
}

// reentry follows what a call of Do runs, for another call of the same Do.
func (l *Locks) reentry(do ssa.CallInstruction) *Reentry {
	arg := funcSource(do.Common().Args[1])
	var g *ssa.Function
	var binds []ssa.Value
	switch v := arg.(type) {
	case *ssa.MakeClosure:
		g, binds = v.Fn.(*ssa.Function), v.Bindings
	case *ssa.Function:
		g = v
	}
	if g == nil || !l.m.inside(g) {
		return nil
	}
	g = origin(g)
	w := &onceWalk{l: l, once: l.place(do.Common().Args[0]), seen: make(map[*ssa.Function]bool)}
	w.run(g, nil, func(p *Place) *Place {
		free, ok := p.root.(*ssa.FreeVar)
		if !ok || free.Parent() != g {
			return p
		}
		base := l.place(binds[slices.Index(g.FreeVars, free)])
		if len(base.path)+len(p.path) > maxPath {
			return nil
		}
		return l.intern(base.root, slices.Concat(base.path, p.path), p.owner)
	})
	if w.found == nil {
		return nil
	}
	w.found.Outer, w.found.Fn = do, g
	for _, at := range append(slices.Clone(w.found.Chain), w.found.At) {
		w.found.Weak = w.found.Weak || w.settled(at)
	}
	if g.Synthetic != "" && len(w.found.Chain) > 0 { // a method value
		w.found.Fn, w.found.Chain = origin(w.found.Chain[0].Common().StaticCallee()), w.found.Chain[1:]
	}
	return w.found
}

// onceWalk looks for a call of Do in what a function calls.
type onceWalk struct {
	l     *Locks
	once  *Place
	seen  map[*ssa.Function]bool
	found *Reentry
}

// run looks through a function; in names its places as the caller of the outer Do does, nil if
// it cannot.
func (w *onceWalk) run(fn *ssa.Function, chain []ssa.CallInstruction, in func(*Place) *Place) {
	if w.seen[fn] || len(chain) > maxOnceDepth {
		return
	}
	w.seen[fn] = true
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if _, starts := instr.(*ssa.Go); !ok || starts {
				continue
			}
			if isDo(call) {
				if p := in(w.l.place(call.Common().Args[0])); p == w.once && w.found == nil {
					w.found = &Reentry{Once: p, Chain: slices.Clone(chain), At: call}
				}
				continue
			}
			callee := call.Common().StaticCallee()
			if callee == nil || !w.l.m.inside(callee) {
				continue
			}
			callee = origin(callee)
			w.run(callee, append(slices.Clone(chain), call), func(p *Place) *Place {
				if p = w.l.translate(p, callee, call); p == nil {
					return nil
				}
				return in(p)
			})
		}
	}
}

// settled reports whether an instruction is reached only while a flag is set or not that what the
// Once runs may set itself, or that nobody knows, or for some arguments.
func (w *onceWalk) settled(at ssa.Instruction) bool {
	for cond := range lazyssa.Conditions(at.Block()) {
		if lazyssa.Mentions(cond, 4, func(v ssa.Value) bool {
			p, ok := v.(*ssa.Parameter)
			return ok && (p.Parent().Signature.Recv() == nil || p != p.Parent().Params[0])
		}) {
			return true
		}
	}
	w.l.m.indexFields()
	for test := range flagsBefore(at, nil) {
		f := flagField(test.Cond)
		if f == nil {
			return true
		}
		if lint.IsError(f.Type()) {
			continue
		}
		if w.l.m.fieldShared[f] || slices.ContainsFunc(w.l.m.fieldStores[f], func(st *ssa.Store) bool { return w.seen[origin(st.Parent())] }) {
			return true
		}
	}
	return false
}
