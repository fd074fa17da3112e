package poolalias

import (
	"go/types"
	"maps"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/poolflow"
	"github.com/heapvet/heapvet/lint"
)

// call executes a call, whose value is v unless that is nil, and returns the
// states after it: none if the path ends, or cannot be followed.
func (x *explorer) call(fr *frame, st *state, instr ssa.CallInstruction, v ssa.Value, c *ssa.CallCommon) []*state {
	if v != nil {
		st.forget(x.key(fr, v))
	}
	if b, ok := c.Value.(*ssa.Builtin); ok {
		x.builtin(fr, st, instr, v, b.Name(), c.Args)
		return []*state{st}
	}
	if call, ok := instr.(*ssa.Call); ok && call == x.root.lend && fr.outer == nil {
		return x.lendsTo(fr, st, call)
	}
	if st.consts[x.key(fr, c.Value)] == putsBack {
		x.putBack(fr, st, instr, ref{})
		return []*state{st}
	}
	if isPool(c, "Get") {
		return []*state{st}
	}
	if isPool(c, "Put") {
		return x.puts(fr, st, instr, c.Args[len(c.Args)-1])
	}
	fn, binds, obj := x.callee(fr, st, c)
	if fn != nil && (fr.outer == nil || fr.depth() < maxDepth) && !fr.runs(fn) && x.worth(fr, st, fn, binds, c) {
		return x.inline(fr, st, instr, v, fn, binds, c)
	}
	var states []*state
	if fn == nil && obj != nil && obj.Signature().Recv() != nil && poolflow.ResetName(obj.Name()) && len(c.Args) > 0 {
		x.empties(fr, st, c.Args[0])
	}
	if fn == nil && obj != nil {
		if f := x.facts(obj); f != nil {
			return x.applyFact(fr, st, instr, v, f, c)
		}
		if i, ok := releases(obj); ok && i < len(declared(c)) {
			return x.puts(fr, st, instr, declared(c)[i])
		}
	}
	method := obj != nil && obj.Signature().Recv() != nil
	for i, arg := range arguments(c) {
		if (fn != nil || method && i == 0) && x.leadsBack(fr, st, arg) {
			continue // who uses what it points to need not go so far
		}
		if fn == nil && (i > 0 || !c.IsInvoke()) || fn != nil && i < len(fn.Params) && deref(fn.Params[i]) {
			x.use(fr, st, instr, arg)
		}
	}
	if c.IsInvoke() && fn == nil {
		x.use(fr, st, instr, c.Value)
	}
	x.waits(fr, st, fn, c, obj)
	if obj != nil && fn == nil && (obj.Name() == "Go" || lint.IsFunc(obj, "time", "AfterFunc") && !x.handsOut(fr, st, c)) {
		for _, arg := range c.Args { // a WaitGroup or the like starts a goroutine
			if refs := x.captured(fr, st, arg); len(refs) > 0 {
				st.share(x.event(fr, instr, refs[0]))
			}
		}
	} else if x.handsOut(fr, st, c) {
		return nil
	}
	if v != nil {
		x.result(fr, st, v, obj, c)
	}
	return append(states, st)
}

// empties forgets what is kept in an object that a method of another package resets.
func (x *explorer) empties(fr *frame, st *state, obj ssa.Value) {
	loc := x.loc(fr, st, obj)
	maps.DeleteFunc(st.kept, func(kept string, _ *event) bool { return under(kept, loc) })
}

// callee returns the function that a call runs, if it is known, with its captured variables.
func (x *explorer) callee(fr *frame, st *state, c *ssa.CallCommon) (fn *ssa.Function, binds []name, obj *types.Func) {
	if c.IsInvoke() {
		if only := x.flow.Only(c); only != nil {
			return only, nil, c.Method
		}
		return nil, nil, c.Method
	}
	if k, ok := st.consts[x.key(fr, c.Value)]; ok && k[0] == '&' {
		lit := x.lits[k[1:]]
		obj, _ = lit.fn.Object().(*types.Func) // of a method value
		return x.body(lit.fn), lit.binds, obj
	}
	callee := c.StaticCallee()
	if callee == nil {
		return nil, nil, nil
	}
	obj, _ = callee.Object().(*types.Func)
	if mc, ok := c.Value.(*ssa.MakeClosure); ok {
		for _, b := range mc.Bindings {
			binds = append(binds, name{x.key(fr, b), x.mem(fr, st, b)})
		}
		return x.body(callee), binds, obj
	}
	return x.body(callee), nil, obj
}

// arguments returns the arguments of a call, the receiver first.
func arguments(c *ssa.CallCommon) []ssa.Value {
	if c.IsInvoke() {
		return append([]ssa.Value{c.Value}, c.Args...)
	}
	return c.Args
}

// declared returns the arguments of a call of a declared function of another package, the receiver first:
// if a method value is called, that is what was bound.
func declared(c *ssa.CallCommon) []ssa.Value {
	if mc, ok := c.Value.(*ssa.MakeClosure); ok && len(mc.Bindings) == 1 && mc.Fn.(*ssa.Function).Object() != nil {
		return append([]ssa.Value{mc.Bindings[0]}, c.Args...)
	}
	return c.Args
}

// body returns the function of the package whose code a function runs, or nil.
func (c *checker) body(fn *ssa.Function) *ssa.Function {
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	if len(fn.Blocks) == 0 || fn.Pkg != nil && fn.Pkg != c.prog.Pkg {
		return nil
	}
	if fn.Pkg == nil && !c.bound(fn) {
		return nil
	}
	return fn
}

// bound reports whether fn is the wrapper that makes a method value or promotes a
// method of the package.
func (c *checker) bound(fn *ssa.Function) bool {
	obj := fn.Object()
	return obj != nil && obj.Pkg() == c.pass.Pkg
}

// worth reports whether a function of the package has to be run with the object
// in sight: because it may put it back, keep it, give it other memory or return it.
func (x *explorer) worth(fr *frame, st *state, fn *ssa.Function, binds []name, c *ssa.CallCommon) bool {
	if len(st.held) == 0 {
		return false
	}
	for _, b := range binds {
		if len(st.within(b.key)) > 0 || len(st.within(b.mem)) > 0 || b.mem[0] == 'O' {
			return true
		}
	}
	if len(binds) > 0 && fn.Parent() != nil {
		return true // may assign to the variables
	}
	for i, arg := range arguments(c) {
		if i >= len(fn.Params) {
			continue
		}
		if x.effects(fn, i) && len(x.reach(fr, st, arg)) > 0 || x.leadsBack(fr, st, arg) {
			return true
		}
	}
	return false
}

// leadsBack reports whether a pointer is none to what has been put back, but leads there.
func (x *explorer) leadsBack(fr *frame, st *state, v ssa.Value) bool {
	if _, direct := x.refOf(fr, st, v); direct || st.put == nil || !isPointer(v.Type()) {
		return false
	}
	return slices.ContainsFunc(x.reach(fr, st, v), func(r ref) bool { return st.returned(r.path) })
}

// inline runs a function of the package.
func (x *explorer) inline(fr *frame, st *state, instr ssa.CallInstruction, v ssa.Value, fn *ssa.Function, binds []name, c *ssa.CallCommon) (states []*state) {
	sub := &frame{fn: fn, id: x.number(fn), bind: make(map[ssa.Value]name), outer: fr, site: fr.site}
	if sub.site == nil && !x.partOf(fn) {
		sub.site = instr
	}
	_, sub.deferred = instr.(*ssa.Defer)
	sub.deferred = sub.deferred || fr.deferred
	st = st.clone()
	st.leave(sub.id) // its last run
	args := arguments(c)
	for i, p := range fn.Params {
		if i < len(args) {
			sub.bind[p] = name{x.key(fr, args[i]), x.mem(fr, st, args[i])}
		}
	}
	for i, fv := range fn.FreeVars {
		if i < len(binds) {
			sub.bind[fv] = binds[i]
		}
	}
	seen := make(map[uint64]bool)
	for _, e := range x.run(sub, fn.Blocks[0], 0, st) {
		st := e.st
		if v != nil {
			x.results(fr, st, v, e.results)
		}
		if !x.makesClosures(fn) {
			st.leave(sub.id)
		}
		if k := st.key(); !seen[k] {
			seen[k] = true
			states = append(states, st)
		}
	}
	return states
}

// results gives the value of a call what the function returned.
func (x *explorer) results(fr *frame, st *state, v ssa.Value, results []name) {
	k := x.key(fr, v)
	st.forget(k)
	for i, n := range results {
		to := k
		if len(results) > 1 {
			to += "#" + strconv.Itoa(i)
		}
		st.assign(to, n.key)
		st.points(to, n.mem)
		if n.key[0] == '=' {
			st.consts[to] = n.key[1:]
		}
		if path, ok := inObject(n.mem); ok {
			if _, isRef := st.held[to]; !isRef {
				st.held[to] = ref{path: path}
			}
		}
	}
}

// partOf reports whether fn is the function at hand or a literal within it.
func (x *explorer) partOf(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == x.fn {
			return true
		}
	}
	return false
}

// puts executes a Put of a value.
func (x *explorer) puts(fr *frame, st *state, instr ssa.CallInstruction, arg ssa.Value) []*state {
	r, ok := x.refOf(fr, st, arg)
	if !ok {
		refs := x.reach(fr, st, arg)
		if len(refs) == 0 {
			return []*state{st}
		}
		if v := lazyssa.Strip(arg); len(refs) != 1 || !holdsOnly(v) {
			return nil // goes along with something else
		}
		r = refs[0]
	}
	if fr.outer != nil && !x.partOf(fr.fn) && x.uncertain(instr) {
		return nil
	}
	x.putBack(fr, st, instr, r)
	return []*state{st}
}

// holdsOnly reports whether v is the address of a variable that is no struct.
func holdsOnly(v ssa.Value) bool {
	a, ok := v.(*ssa.Alloc)
	if !ok {
		return false
	}
	_, isStruct := lint.Deref(a.Type()).Underlying().(*types.Struct)
	return !isStruct
}

// putBack notes that the memory at r went back to a pool.
func (x *explorer) putBack(fr *frame, st *state, instr ssa.CallInstruction, r ref) {
	_, isDefer := instr.(*ssa.Defer)
	p := &put{path: r.path, at: x.event(fr, instr, r), deferred: isDefer || fr.deferred}
	if st.put != nil {
		if r.path == st.put.path {
			x.again(st.put, p)
		}
		if r.path == st.put.path || within(r.path, st.put.path) {
			return
		}
	}
	st.put = p
	for _, e := range st.shared {
		if within(e.ref.path, r.path) {
			x.escapes(e, p)
		}
	}
}

// use is an access to what a value points to.
func (x *explorer) use(fr *frame, st *state, instr ssa.Instruction, v ssa.Value) {
	if st.put == nil {
		return
	}
	for _, r := range x.reach(fr, st, v) {
		if st.returned(r.path) {
			x.used(fr, st, instr, r)
			return
		}
	}
}
