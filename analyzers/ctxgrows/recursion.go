package ctxgrows

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// checkRecursion reports functions that hand themselves a context made from their
// own, where nothing shows that this ends soon: it is a loop in disguise.
//
// A walk over a tree is none: its depth is that of the tree, and what each level
// adds is there for the levels below.
func (r *run) checkRecursion() {
	for _, fn := range r.funcs {
		if fn.Parent() != nil || !slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return isContext(p.Type()) }) {
			continue
		}
		if site := r.onlyRecursion(fn); site != nil {
			r.checkSelfCall(fn, site)
		} else if site := r.mutualRecursion(fn); site != nil {
			r.checkSelfCall(fn, site)
		}
	}
}

// A selfCall is a call of a function by itself.
type selfCall struct {
	call    ssa.CallInstruction
	back    ssa.CallInstruction // where call is of another function: its call of the first; else nil
	literal *ssa.Function       // the function literal that it stands in, or nil
	spawned bool                // in a goroutine or a timer of its own
}

// onlyRecursion returns the call of fn in fn, if there is just one and no loop around it.
func (r *run) onlyRecursion(fn *ssa.Function) *selfCall {
	var found *selfCall
	for _, f := range append([]*ssa.Function{fn}, fn.AnonFuncs...) {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok || !calls(call, fn) {
					continue
				}
				if found != nil || len(r.inside(b)) > 0 {
					return nil // a tree
				}
				_, isGo := call.(*ssa.Go)
				found = &selfCall{call: call, spawned: isGo}
				if f != fn {
					found.literal = f
					if !r.spawns(f) {
						return nil
					}
					found.spawned = true
				}
			}
		}
	}
	return found
}

// mutualRecursion returns the call in fn of another function that calls fn in turn, if
// that is the one way round, and no loop around it.
func (r *run) mutualRecursion(fn *ssa.Function) (found *selfCall) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || calls(call, fn) {
				continue
			}
			other := call.Call.StaticCallee()
			if other == nil || other.Pkg != fn.Pkg || other.Parent() != nil || other.TypeParams().Len() > 0 || len(other.Blocks) == 0 ||
				!slices.ContainsFunc(other.Params, func(p *ssa.Parameter) bool { return isContext(p.Type()) }) {
				continue
			}
			back := callsOf(other, fn)
			if len(back) == 0 {
				continue
			}
			if found != nil || len(back) > 1 || len(callsOf(other, other)) > 0 || len(r.inside(b)) > 0 || len(r.inside(back[0].Block())) > 0 {
				return nil
			}
			found = &selfCall{call: call, back: back[0]}
		}
	}
	if found != nil && (len(callsOf(fn, fn)) > 0 || found.call.Common().StaticCallee().Pos() < fn.Pos()) {
		return nil // one of the two is enough
	}
	return found
}

// callsOf returns the calls of callee in fn.
func callsOf(fn, callee *ssa.Function) (list []*ssa.Call) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && calls(call, callee) {
				list = append(list, call)
			}
		}
	}
	return list
}

func calls(call ssa.CallInstruction, fn *ssa.Function) bool {
	callee := call.Common().StaticCallee()
	if callee == nil {
		return false
	}
	return callee == fn || callee.Origin() != nil && callee.Origin() == fn
}

// spawns reports whether the function literal runs once, on its own: as a goroutine
// or when a timer fires.
func (r *run) spawns(literal *ssa.Function) bool {
	uses := literalUses(literal)
	if len(uses) != 1 {
		return false
	}
	call, ok := uses[0].(ssa.CallInstruction)
	if !ok || len(r.inside(call.Block())) > 0 {
		return false
	}
	if _, ok := call.(*ssa.Go); ok {
		return true
	}
	callee := call.Common().StaticCallee()
	return callee != nil && lint.IsFunc(callee.Object(), "time", "AfterFunc")
}

// checkSelfCall reports the call if it hands on a longer context, and every other
// argument allows for any number of calls.
func (r *run) checkSelfCall(fn *ssa.Function, self *selfCall) {
	s := r.growing(fn, self)
	if s == nil || s.call == nil {
		return
	}
	sure := self.spawned || r.isTail(self.call) && (self.back == nil || r.isTail(self.back))
	if self.back != nil && !sure && !r.all {
		return
	}
	same := true
	for i, p := range fn.Params {
		if isContext(p.Type()) {
			continue
		}
		switch r.progressOf(fn, p, i, self) {
		case bounded:
			return
		case fresh:
			same = false
		}
	}
	ends := defers(self.call.Parent()) || self.back != nil && defers(self.back.Parent())
	if !same && (s.rel.Kind == other || s.rel.Kind != cancel && ends) {
		sure = false // spans of one page below those of another may be meant, and end in turn
	}
	fixed := s.rel.Key != varies && (s.key == nil || isFixed(lazyssa.Strip(s.key)))
	member := func(v ssa.Value) bool {
		return slices.ContainsFunc(r.origins(v), func(o origin) bool { return o.param != nil && isContext(o.param.Type()) })
	}
	around := []ssa.CallInstruction{self.call, self.back}
	if self.literal != nil {
		around = nil
	}
	for _, call := range around {
		if call == nil {
			continue
		}
		for _, ctl := range controls(call.Block(), nil, returns(call.Parent())) {
			if asks(ctl.cond, member, mustLook) {
				return // a limit that the context carries
			}
		}
	}
	if in := s.call.Parent(); in == fn || self.back != nil && in == self.back.Parent() {
		for _, ctl := range controls(s.call.Block(), nil, returns(in)) {
			if r.judge(ctl, nil, member) == guard {
				return
			}
		}
	}
	if r.inTest(self.call.Pos()) || !fixed {
		sure = false
	}
	if (sure || same || r.all) && (fixed || r.all) && (r.all || !r.inTest(self.call.Pos())) {
		r.reportRecursion(fn, self, s)
	}
}

// defers reports whether a function has something to do when it returns.
func defers(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			_, ok := instr.(*ssa.Defer)
			return ok
		})
	})
}

// growing returns the step by which the context that fn hands itself is longer than its own, or nil.
func (r *run) growing(fn *ssa.Function, self *selfCall) (found *step) {
	args := self.call.Common().Args
	for i, p := range fn.Params {
		if !isContext(p.Type()) {
			continue
		}
		if self.back == nil {
			for _, o := range r.outerOrigins(fn, args[i]) {
				if o.param == p && o.step != nil {
					found = o.step
				}
			}
			continue
		}
		other := self.back.Parent()
		for _, inner := range r.origins(self.back.Common().Args[i]) {
			j := slices.Index(other.Params, inner.param)
			if j < 0 {
				continue
			}
			for _, o := range r.origins(args[j]) {
				if o.param != p {
					continue
				}
				if inner.step != nil {
					found = inner.step
				} else if o.step != nil {
					found = o.step
				}
			}
		}
	}
	return found
}

// outerOrigins is origins, seen from fn, also for a value in a function literal of fn.
func (r *run) outerOrigins(fn *ssa.Function, v ssa.Value) (list []origin) {
	for _, o := range r.origins(v) {
		free, ok := o.entry.root.(*ssa.FreeVar)
		if !ok || o.entry.path != "" {
			list = append(list, o)
			continue
		}
		alloc, ok := r.captured(free.Parent(), free).(*ssa.Alloc)
		if !ok || alloc.Parent() != fn {
			continue
		}
		stores, _ := lazyssa.StoresTo(alloc)
		for _, s := range stores {
			for _, outer := range r.origins(s.Val) {
				if outer.step == nil {
					outer.step = o.step
				}
				// The variable is derived from itself: it began as the parameter.
				if outer.entry.root == alloc {
					outer.param, _ = onlyParam(stores)
				}
				list = append(list, outer)
			}
		}
	}
	return list
}

// onlyParam returns the parameter that a captured variable begins with.
func onlyParam(stores []*ssa.Store) (*ssa.Parameter, bool) {
	for _, s := range stores {
		if p, ok := s.Val.(*ssa.Parameter); ok {
			return p, true
		}
	}
	return nil, false
}

// isTail reports whether the function returns when the call does. A function that defers
// something keeps its results in variables meanwhile.
func (r *run) isTail(call ssa.CallInstruction) bool {
	instrs := call.Block().Instrs
	for _, instr := range instrs[slices.Index(instrs, ssa.Instruction(call))+1:] {
		switch instr.(type) {
		case *ssa.Extract, *ssa.RunDefers, *ssa.DebugRef, *ssa.Return:
		case *ssa.Store, *ssa.UnOp:
			if _, local := (*instr.Operands(nil)[0]).(*ssa.Alloc); !local {
				return false
			}
		case *ssa.Jump:
			next := call.Block().Succs[0].Instrs
			for _, instr := range next {
				switch instr.(type) {
				case *ssa.RunDefers, *ssa.Return, *ssa.Phi, *ssa.DebugRef:
				default:
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}
