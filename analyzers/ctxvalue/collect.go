package ctxvalue

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// An op stores a context value or looks one up.
type op struct {
	call    ssa.CallInstruction
	arg     int // index of the key among the arguments of call
	val     int // of a set, index of the value; -1 if it is made elsewhere
	keys    keys
	wrapper string    // the name of the function that does it; "" for WithValue and Value themselves
	from    *behavior // of that function; nil for WithValue and Value
}

// value returns the value that a set stores, or nil.
func (o *op) value() ssa.Value {
	if o.val < 0 || o.val >= len(o.call.Common().Args) {
		return nil
	}
	return o.call.Common().Args[o.val]
}

// collect finds all operations of the package, and exports the facts of the
// functions that others can call.
func (r *run) collect(s *lazyssa.SSA) {
	r.funcs = s.Funcs
	if init := s.Pkg.Func("init"); init != nil {
		r.funcs = append(slices.Clone(r.funcs), init)
	}
	r.vars = make(map[*ssa.Global]*variable)
	r.fields = make(map[*types.Var]*variable)
	for _, f := range r.funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				r.noteVariables(instr)
				if call, ok := instr.(ssa.CallInstruction); ok {
					r.calls = append(r.calls, call)
				}
			}
		}
	}
	// A wrapper may wrap a wrapper that is declared after it.
	for changed := true; changed; {
		changed = false
		r.sets, r.gets = nil, nil
		for _, call := range r.calls {
			changed = r.collectCall(call) || changed
		}
	}
	r.summarize()
	for fn, f := range r.facts {
		if f != nil && fn.Pkg() == r.Pkg && fn.Exported() && !isWithValue(fn) {
			r.ExportObjectFact(fn, f)
		}
	}
	r.exportStored()
	r.findLeaks()
}

func (r *run) noteVariables(instr ssa.Instruction) {
	if addr, ok := instr.(*ssa.FieldAddr); ok {
		r.noteField(addr)
	}
	for _, operand := range instr.Operands(nil) {
		g, ok := (*operand).(*ssa.Global)
		if !ok || g.Pkg.Pkg != r.Pkg {
			continue
		}
		v := r.vars[g]
		if v == nil {
			v = new(variable)
			r.vars[g] = v
		}
		v.note(instr, g)
	}
}

// noteField notes what is done with a field of interface or function type that
// only this package can set.
func (r *run) noteField(addr *ssa.FieldAddr) {
	field := lazyssa.Var(addr.X.Type(), addr.Field)
	if field == nil || field.Exported() || field.Pkg() != r.Pkg {
		return
	}
	switch field.Type().Underlying().(type) {
	case *types.Interface, *types.Signature:
	default:
		return
	}
	v := r.fields[field]
	if v == nil {
		v = new(variable)
		r.fields[field] = v
	}
	for _, ref := range *addr.Referrers() {
		v.note(ref, addr)
	}
}

// note notes what an instruction does with the variable at addr.
func (v *variable) note(instr ssa.Instruction, addr ssa.Value) {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		v.loads = append(v.loads, instr)
	case *ssa.Store:
		if instr.Addr == addr {
			v.stores = append(v.stores, instr.Val)
		}
		if instr.Val == addr {
			v.escapes = true
		}
	case *ssa.DebugRef:
	default:
		v.escapes = true
	}
}

// callee returns the function that a call runs, if there is only one.
func (r *run) callee(common *ssa.CallCommon) *ssa.Function {
	if fn := common.StaticCallee(); fn != nil {
		return fn
	}
	if load, ok := common.Value.(*ssa.UnOp); ok {
		switch stored := r.onlyStored(load).(type) {
		case *ssa.Function:
			return stored
		case *ssa.MakeClosure:
			return stored.Fn.(*ssa.Function)
		}
	}
	return nil
}

// behaviorOf returns what is known of a function, or nil, and its name.
func (r *run) behaviorOf(callee *ssa.Function) (*behavior, string) {
	if callee == nil {
		return nil, ""
	}
	if fn, ok := callee.Object().(*types.Func); ok {
		return r.fact(fn.Origin()), fn.Name()
	}
	return r.literals[callee], "the function literal"
}

// collectCall notes the operations of one call, and reports whether it taught
// something new about the function around it.
func (r *run) collectCall(call ssa.CallInstruction) (learnt bool) {
	common := call.Common()
	if common.IsInvoke() {
		if isValue(common.Method) {
			o := op{call: call, val: -1, keys: r.resolve(common.Args[0])}
			r.gets = append(r.gets, o)
			learnt = r.learn(&o, false)
		}
		return learnt
	}
	callee := r.callee(common)
	f, name := r.behaviorOf(callee)
	if f == nil {
		return false
	}
	from := f
	if fn, ok := callee.Object().(*types.Func); ok && isWithValue(fn) {
		from, name = nil, ""
	}
	for n, i := range f.Set {
		if i < len(common.Args) {
			o := op{call: call, arg: i, val: f.Val[n], keys: r.resolve(common.Args[i]), wrapper: name, from: from}
			r.sets = append(r.sets, o)
			learnt = r.learn(&o, true) || learnt
		}
	}
	for _, i := range f.Get {
		if i < len(common.Args) {
			o := op{call: call, arg: i, val: -1, keys: r.resolve(common.Args[i]), wrapper: name, from: from}
			r.gets = append(r.gets, o)
			learnt = r.learn(&o, false) || learnt
		}
	}
	return learnt
}

// learn notes that parameters are used as keys.
func (r *run) learn(o *op, set bool) (learnt bool) {
	for _, p := range o.keys.params {
		f := r.behaviorIn(p.Parent())
		if f == nil {
			continue
		}
		i := slices.Index(p.Parent().Params, p)
		if !set {
			if !slices.Contains(f.Get, i) {
				f.Get = append(f.Get, i)
				learnt = true
			}
			continue
		}
		val := -1
		if v := o.value(); v != nil {
			if ks := r.resolve(v); len(ks.params) == 1 && len(ks.list) == 0 && !ks.unknown && ks.params[0].Parent() == p.Parent() {
				val = slices.Index(p.Parent().Params, ks.params[0])
			}
		}
		switch n := slices.Index(f.Set, i); {
		case n < 0:
			f.Set, f.Val = append(f.Set, i), append(f.Val, val)
			learnt = true
		case f.Val[n] != val && f.Val[n] >= 0:
			f.Val[n] = -1 // one of several
			learnt = true
		}
	}
	return learnt
}

// behaviorIn returns what is known of a function of this package, for more to be
// added; nil if it has neither a declaration nor a literal.
func (r *run) behaviorIn(fn *ssa.Function) *behavior {
	obj, declared := fn.Object().(*types.Func)
	if !declared && fn.Parent() == nil {
		return nil
	}
	var f *behavior
	if declared {
		f = r.facts[obj]
	} else {
		f = r.literals[fn]
	}
	if f != nil {
		return f
	}
	f = new(behavior)
	if declared {
		r.facts[obj] = f
	} else {
		r.literals[fn] = f
	}
	return f
}
