package ctxgrows

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// An effect is a place that outlives a call of fn and whose context each call
// makes longer.
type effect struct {
	fn    *ssa.Function
	store *ssa.Store // nil if it is a call of a function of another package that does it
	call  ssa.CallInstruction
	arg   ssa.Value // of the call
	place place
	obj   types.Object // the field or package variable, nil for a captured variable
	name  string
	kind  kind
	fixed bool
	step  *step
}

// checkState reports contexts in fields, package variables and captured variables
// that grow with each call of a function which is called again and again.
func (r *run) checkState() {
	reported := make(map[types.Object]map[*ssa.Function]bool)
	for _, fn := range r.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					if !isContext(instr.Val.Type()) && !carries(instr.Val.Type()) {
						continue
					}
					if r.checkOwnParent(instr) {
						continue
					}
					e, ok := r.effectOf(instr)
					if !ok || e.obj != nil && reported[e.obj][fn] {
						continue
					}
					if e.obj != nil {
						if reported[e.obj] == nil {
							reported[e.obj] = make(map[*ssa.Function]bool)
						}
						reported[e.obj][fn] = true
					}
					r.effects = append(r.effects, e)
				case ssa.CallInstruction:
					r.effects = append(r.effects, r.effectsOfCall(instr)...)
				}
			}
		}
	}
	if len(r.effects) == 0 {
		return
	}
	r.indexCallers()
	for _, e := range r.effects {
		r.judgeEffect(e)
	}
}

// effectOf returns the effect of a store, if it has one.
func (r *run) effectOf(store *ssa.Store) (*effect, bool) {
	p := r.pointee(store.Addr)
	switch p.root.(type) {
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
	default:
		return nil, false
	}
	fn := store.Parent()
	if fn.Name() == "init" && fn.Parent() == nil {
		return nil, false
	}
	want := p
	if !isContext(store.Val.Type()) {
		i, _ := slot(store.Val.Type())
		if _, isPointer := store.Val.Type().Underlying().(*types.Pointer); isPointer {
			want.path += "*"
		}
		want = want.field(i)
	}
	var s *step
	for _, o := range r.origins(store.Val) {
		if o.step != nil && o.entry == want {
			s = o.step
		}
	}
	if s == nil || !r.stays(store, p) {
		return nil, false
	}
	e := &effect{
		fn: fn, store: store, place: p, obj: owner(store.Addr), step: s, kind: s.rel.Kind,
		fixed: s.rel.Key != varies && (s.key == nil || isFixed(lazyssa.Strip(s.key))),
	}
	if g, ok := p.root.(*ssa.Global); ok && e.obj == nil {
		e.obj = g.Object()
	}
	member := func(v ssa.Value) bool {
		return slices.ContainsFunc(r.origins(v), func(o origin) bool { return o.entry == want })
	}
	for _, ctl := range controls(store.Block(), nil, returns(fn)) {
		if r.judge(ctl, nil, member) == guard {
			return nil, false
		}
	}
	return e, true
}

// stays reports whether what is stored is still there when the function returns.
func (r *run) stays(store *ssa.Store, p place) bool {
	fn, obj := store.Parent(), owner(store.Addr)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Defer:
				if r.mayWrite(&instr.Call, obj) || obj == nil && writesFree(instr.Call.Value, p.root) {
					return false
				}
			case *ssa.Store:
				// A second store that undoes the first, in whatever order they run.
				if instr != store && r.pointee(instr.Addr) == p && !linked(r.origins(instr.Val)) {
					return false
				}
			}
		}
	}
	return true
}

func linked(origins []origin) bool {
	return slices.ContainsFunc(origins, func(o origin) bool { return o.step != nil })
}

// writesFree reports whether a deferred function literal assigns the captured variable.
func writesFree(v, root ssa.Value) bool {
	mc, ok := v.(*ssa.MakeClosure)
	if !ok {
		return false
	}
	i := slices.Index(mc.Bindings, root)
	if i < 0 {
		return false
	}
	for _, ref := range *mc.Fn.(*ssa.Function).FreeVars[i].Referrers() {
		if s, ok := ref.(*ssa.Store); ok && s.Addr == mc.Fn.(*ssa.Function).FreeVars[i] {
			return true
		}
	}
	return false
}

func returns(fn *ssa.Function) (ends []*ssa.BasicBlock) {
	for _, b := range fn.Blocks {
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			ends = append(ends, b)
		}
	}
	return ends
}

// effectsOfCall returns what a function of another package makes longer.
func (r *run) effectsOfCall(call ssa.CallInstruction) (list []*effect) {
	callee := call.Common().StaticCallee()
	if callee == nil || call.Common().IsInvoke() {
		return nil
	}
	fn, _ := callee.Object().(*types.Func)
	if fn == nil || fn.Pkg() == r.Pkg {
		return nil
	}
	f := r.imported(fn.Origin())
	if f == nil {
		return nil
	}
	for _, g := range f.Grows {
		if g.Param < len(call.Common().Args) {
			list = append(list, &effect{
				fn: call.Parent(), call: call, arg: call.Common().Args[g.Param],
				name: g.Field, kind: g.Kind, fixed: g.Fixed,
			})
		}
	}
	return list
}

// A repetition is what makes a function run again and again for the same thing.
type repetition struct {
	why     string
	pos     token.Pos // of the loop or the handler
	end     token.Pos
	call    ssa.CallInstruction // in the loop, or nil
	forever bool                // for as long as the program runs
}

// judgeEffect reports an effect that is certain to happen many times.
func (r *run) judgeEffect(e *effect) {
	if !r.all && r.inTest(e.pos()) {
		return
	}
	var rep *repetition
	if e.call != nil {
		rep = r.siteRepeats(e.call, e.arg, nil, 2)
	} else {
		rep = r.repeats(e.fn, e.place.root, e.obj, 3)
	}
	switch {
	case rep != nil && (e.fixed || rep.forever || r.all):
		r.reportEffect(e, rep)
	case rep == nil && e.call == nil && e.fixed && (r.readNowhereElse(e) || r.countsCalls(e)):
		r.reportEffect(e, nil)
	case rep == nil && e.call == nil && e.obj != nil && !r.builds(e) && (r.all || r.lasts(e)):
		r.reportEffect(e, nil)
	}
}

// builds reports whether the function returns the thing whose context it changes,
// as the steps of a builder do, or is not a method that others call.
func (r *run) builds(e *effect) bool {
	for _, b := range e.fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && slices.Contains(ret.Results, e.place.root) {
			return true
		}
	}
	return false
}

// indexCallers finds the calls of each function of the package.
func (r *run) indexCallers() {
	r.callers = make(map[*ssa.Function][]ssa.CallInstruction)
	for _, fn := range r.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					if callee := call.Common().StaticCallee(); callee != nil {
						if origin := callee.Origin(); origin != nil {
							callee = origin
						}
						r.callers[callee] = append(r.callers[callee], call)
					}
				}
			}
		}
	}
}

// readNowhereElse reports whether only the function itself looks at the place, so
// that what a call leaves there is of use to nobody, and what it leaves depends on
// what the call was given.
func (r *run) readNowhereElse(e *effect) bool {
	f, ok := e.obj.(*types.Var)
	if !ok || f.Embedded() || e.kind != value || f.Exported() && r.Pkg.Name() != "main" || !r.perCall(e) || r.builds(e) {
		return false
	}
	used := false
	for _, fn := range r.funcs {
		own := lazyssa.Outermost(fn) == e.fn
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if !own && reads(instr, e.obj) {
					return false
				}
				if call, ok := instr.(ssa.CallInstruction); ok && own && call != e.step.call {
					used = used || slices.ContainsFunc(call.Common().Args, func(a ssa.Value) bool { return carries(a.Type()) })
				}
			}
		}
	}
	return used
}

// reads reports whether the instruction may look at the field or variable of
// something that is not made in the function itself.
func reads(instr ssa.Instruction, obj types.Object) bool {
	switch instr := instr.(type) {
	case *ssa.FieldAddr:
		return owner(instr) == obj && !isAlloc(rootOf(instr))
	case *ssa.Field:
		return lazyssa.Var(instr.X.Type(), instr.Field) == obj
	case *ssa.UnOp: // of a whole struct
		if s, ok := instr.Type().Underlying().(*types.Struct); ok && instr.Op == token.MUL {
			for f := range s.Fields() {
				if f.Origin() == obj {
					return true
				}
			}
		}
	}
	for _, op := range instr.Operands(nil) {
		if g, ok := (*op).(*ssa.Global); ok && g.Object() == obj {
			return true
		}
	}
	return false
}

// perCall reports whether the value that the step stores depends on the parameters
// of the call, other than the thing whose context grows.
func (r *run) perCall(e *effect) bool {
	if e.step.call == nil {
		return false
	}
	seen := make(map[ssa.Value]bool)
	var visit func(v ssa.Value) bool
	visit = func(v ssa.Value) bool {
		if seen[v] || len(seen) > 40 {
			return false
		}
		seen[v] = true
		if p, ok := v.(*ssa.Parameter); ok {
			return p != e.place.root && !carries(p.Type())
		}
		instr, ok := v.(ssa.Instruction)
		if !ok {
			return false
		}
		for _, op := range instr.Operands(nil) {
			if *op != nil && visit(*op) {
				return true
			}
		}
		if alloc, ok := v.(*ssa.Alloc); ok {
			return slices.ContainsFunc(putIn(alloc), visit)
		}
		return false
	}
	return slices.ContainsFunc(arguments(e.step.call.Common()), visit)
}

// putIn returns what a function stores in a local variable and in the parts of it.
func putIn(addr ssa.Value) (vals []ssa.Value) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == addr {
				vals = append(vals, ref.Val)
			}
		case *ssa.FieldAddr, *ssa.IndexAddr:
			vals = append(vals, putIn(ref.(ssa.Value))...)
		}
	}
	return vals
}
