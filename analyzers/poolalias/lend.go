package poolalias

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// scope says that a function returns an object from a pool together with a
// function that puts it back.
type scope struct {
	Object, Done int // results
}

// lend says that a function calls one of its parameters with an object from a
// pool, and puts the object back.
type lend struct {
	Func, Arg int
	Returns   bool // what the parameter returns
}

// lendings returns what the function that a call runs does of that.
func (c *checker) lendings(call *ssa.Call) ([]scope, []lend) {
	callee := call.Call.StaticCallee()
	if callee == nil {
		return nil, nil
	}
	if local := c.body(callee); local != nil {
		return c.scopes(local), c.lends(local)
	}
	obj, _ := callee.Object().(*types.Func)
	if f := c.facts(obj); f != nil {
		return f.Scopes, f.Lends
	}
	return nil, nil
}

// part leads from a tuple to one of its values.
func part(i int) string { return "#" + strconv.Itoa(i) }

// scopes returns the pairs of results that are an object and what puts it back.
func (c *checker) scopes(fn *ssa.Function) (list []scope) {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) < 2 {
			continue
		}
		for done, r := range ret.Results {
			mc, ok := lazyssa.Strip(r).(*ssa.MakeClosure)
			if !ok {
				continue
			}
			lit := mc.Fn.(*ssa.Function)
			for _, rel := range c.releases(lit) {
				i := slices.IndexFunc(lit.FreeVars, func(fv *ssa.FreeVar) bool { return captures(fv, rel) })
				if i < 0 || c.uncertain(rel.instr) {
					continue
				}
				from := origins(mc.Bindings[i], nil)
				for object, r := range ret.Results {
					s := scope{object, done}
					if object != done && meet(from, origins(r, nil)) && !slices.Contains(list, s) {
						list = append(list, s)
					}
				}
			}
		}
	}
	return list
}

// captures reports whether a release puts back a captured variable, or its value.
func captures(fv *ssa.FreeVar, rel release) bool {
	return rel.path == "" && slices.ContainsFunc(origins(rel.arg, nil), func(o origin) bool {
		return o.path == "" && (o.value == ssa.Value(fv) || o.addr == ssa.Value(fv))
	})
}

// meet reports whether two values may be the same object.
func meet(a, b []origin) bool {
	return slices.ContainsFunc(a, func(o origin) bool { return o.value != nil && slices.Contains(b, o) })
}

// lends returns the parameters that fn calls with what it puts back.
func (c *checker) lends(fn *ssa.Function) (list []lend) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			p, ok := call.Call.Value.(*ssa.Parameter)
			if !ok {
				continue
			}
			for i, arg := range call.Call.Args {
				from := origins(arg, nil)
				if !slices.ContainsFunc(c.releases(fn), func(r release) bool {
					_, captured := r.arg.(*ssa.Alloc)
					return (r.path == "" || captured && r.path == "*") && !c.uncertain(r.instr) && meet(from, origins(r.arg, nil))
				}) {
					continue
				}
				l := lend{Func: slices.Index(fn.Params, p), Arg: i, Returns: returned(call)}
				if !slices.Contains(list, l) {
					list = append(list, l)
				}
			}
		}
	}
	return list
}

// returned reports whether a function returns just what a call returns.
func returned(call *ssa.Call) bool {
	fn := call.Parent()
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		for i, r := range ret.Results {
			vals := []ssa.Value{r}
			if load, ok := r.(*ssa.UnOp); ok && load.Op == token.MUL {
				if a, ok := load.X.(*ssa.Alloc); ok {
					vals = storedIn(a) // a result that deferred calls may change
				}
			}
			if !slices.ContainsFunc(vals, func(v ssa.Value) bool {
				ext, ok := v.(*ssa.Extract)
				return v == ssa.Value(call) || ok && ext.Index == i && ext.Tuple == ssa.Value(call)
			}) {
				return false
			}
		}
	}
	return call.Call.Signature().Results().Len() > 0
}

// lendsTo runs the function literal that the call at hand lends the object to,
// and puts the object back.
func (x *explorer) lendsTo(fr *frame, st *state, call *ssa.Call) []*state {
	var lit literal
	arg := call.Call.Args[x.root.to.Func]
	if fn, ok := arg.(*ssa.Function); ok {
		lit.fn = x.body(fn)
	} else if k := st.consts[x.key(fr, arg)]; k != "" && k[0] == '&' {
		lit = x.lits[k[1:]]
	}
	if lit.fn == nil || x.root.to.Arg >= len(lit.fn.Params) {
		return []*state{st}
	}
	sub := &frame{fn: lit.fn, id: x.number(lit.fn), bind: make(map[ssa.Value]name), outer: fr, site: fr.site}
	for i, fv := range lit.fn.FreeVars {
		sub.bind[fv] = lit.binds[i]
	}
	st = st.clone()
	param := x.key(sub, lit.fn.Params[x.root.to.Arg])
	again := st.put != nil // in another turn of a loop, which is lent another object
	if again {
		st.forget(param)
	} else {
		st.held[param] = ref{}
	}
	var states []*state
	for _, e := range x.run(sub, lit.fn.Blocks[0], 0, st) {
		if x.root.to.Returns {
			x.results(fr, e.st, call, e.results)
		}
		if !again {
			x.putBack(fr, e.st, call, ref{})
		}
		states = append(states, e.st)
	}
	return states
}
