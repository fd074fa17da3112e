package ctxgrows

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// summary is the fact of a function whose results depend on its parameters as
// contexts do, or that makes a context in a field of a parameter longer.
type summary struct {
	Relations []relation
	Sets      []setter
	Grows     []growth
}

// A setter makes the context From the one that the thing To stands for.
type setter struct{ To, From int }

// A growth is a field that each call of a function makes one link longer.
type growth struct {
	Param int
	Field string
	Kind  kind
	Fixed bool // the key is always the same, or there is none
}

func (*summary) AFact() {}

func (s *summary) String() string {
	var b strings.Builder
	b.WriteString("context")
	for _, rel := range s.Relations {
		arrow := "="
		if rel.Link {
			arrow = "<"
		}
		fmt.Fprintf(&b, " %d%s%d", rel.Result, arrow, rel.Param)
	}
	for _, set := range s.Sets {
		fmt.Fprintf(&b, " sets %d=%d", set.To, set.From)
	}
	for _, g := range s.Grows {
		fmt.Fprintf(&b, " grows %d.%s", g.Param, g.Field)
	}
	return b.String()
}

// relations returns what is known of the function that is called, and its object.
func (r *run) relations(call *ssa.CallCommon) ([]relation, *types.Func) {
	if call.IsInvoke() {
		return r.ofMethod(call), call.Method
	}
	callee := call.StaticCallee()
	if callee == nil {
		return nil, nil
	}
	if origin := callee.Origin(); origin != nil {
		callee = origin
	}
	fn, _ := callee.Object().(*types.Func)
	if fn != nil {
		fn = fn.Origin()
		if known := model(fn); known != nil {
			return known, fn
		}
		if fn.Pkg() != r.Pkg {
			if f := r.imported(fn); f != nil {
				return f.Relations, fn
			}
			return nil, fn
		}
	}
	return r.summarize(callee), fn
}

// ofMethod returns what is known of a method of an interface.
func (r *run) ofMethod(call *ssa.CallCommon) []relation {
	m := call.Method
	if known := model(m); known != nil {
		return known
	}
	if m.Pkg() != r.Pkg {
		if f := r.imported(m); f != nil {
			return f.Relations
		}
		return nil
	}
	return r.offered(call.Value.Type().Underlying().(*types.Interface), m) // perhaps a constraint
}

// setters returns what is known of the function that is called, if it is a plain setter.
func (r *run) setters(call *ssa.CallCommon) []setter {
	callee := call.StaticCallee()
	if callee == nil || call.Signature().Results().Len() > 0 {
		return nil
	}
	if origin := callee.Origin(); origin != nil {
		callee = origin
	}
	if fn, ok := callee.Object().(*types.Func); ok && fn.Pkg() != r.Pkg {
		if f := r.imported(fn.Origin()); f != nil {
			return f.Sets
		}
		return nil
	}
	return r.sets(callee)
}

// sets finds the contexts that a function of the package does nothing with but store them.
func (r *run) sets(fn *ssa.Function) (list []setter) {
	if len(fn.Blocks) != 1 {
		return nil
	}
	for _, instr := range fn.Blocks[0].Instrs {
		store, ok := instr.(*ssa.Store)
		if !ok {
			continue
		}
		from, ok := store.Val.(*ssa.Parameter)
		p := r.pointee(store.Addr)
		to, isParam := p.root.(*ssa.Parameter)
		if ok && isParam && isContext(from.Type()) && isSlotPath(p) {
			list = append(list, setter{slices.Index(fn.Params, to), slices.Index(fn.Params, from)})
		}
	}
	return list
}

// imported returns the fact of a function of another package, or nil.
func (r *run) imported(fn *types.Func) *summary {
	f, ok := r.facts[fn]
	if !ok {
		if known := new(summary); fn.Pkg() != nil && r.ImportObjectFact(fn, known) {
			f = known
		}
		r.facts[fn] = f
	}
	return f
}

// summarize finds out how the results of a function of the package depend on its parameters.
func (r *run) summarize(fn *ssa.Function) []relation {
	if rels, ok := r.summaries[fn]; ok {
		return rels
	}
	r.summaries[fn] = nil // breaks cycles
	var rels []relation
	results := fn.Signature.Results()
	for i := range results.Len() {
		if len(fn.Blocks) > 0 && carries(results.At(i).Type()) {
			if rel, ok := r.relate(fn, i); ok {
				rels = append(rels, rel)
			}
		}
	}
	r.summaries[fn] = rels
	return rels
}

// relate finds the parameter that result i depends on in all cases.
func (r *run) relate(fn *ssa.Function, i int) (rel relation, ok bool) {
	var all []origin
	for _, b := range fn.Blocks {
		if ret, isReturn := b.Instrs[len(b.Instrs)-1].(*ssa.Return); isReturn {
			all = append(all, r.origins(ret.Results[i])...)
		}
	}
	rel = relation{Result: i, Param: -1, Key: -1}
	short := false
	for _, o := range all {
		if o.param == nil || o.unknown {
			return rel, false
		}
		j := slices.Index(fn.Params, o.param)
		if rel.Param >= 0 && rel.Param != j {
			return rel, false
		}
		rel.Param = j
		if o.step == nil {
			short = true
			continue
		}
		rel.Link, rel.Kind, rel.Ends = true, o.step.rel.Kind, o.step.rel.Ends
		rel.Key = keyParam(fn, o.step)
	}
	if rel.Param < 0 {
		return rel, false
	}
	if short && rel.Link && r.asksFirst(fn, fn.Params[rel.Param]) {
		rel.Link = false // only what is not there yet is added
	}
	return rel, true
}

// varies is the Key of a relation whose key is computed anew.
const varies = -2

// keyParam returns the parameter of fn that is the key of a step.
func keyParam(fn *ssa.Function, s *step) int {
	switch key := lazyssa.Strip(s.key).(type) {
	case nil:
		return min(s.rel.Key, -1)
	case *ssa.Parameter:
		return slices.Index(fn.Params, key)
	default:
		if isFixed(key) {
			return -1
		}
		return varies
	}
}

// isFixed reports whether a key is the same wherever it is evaluated.
func isFixed(key ssa.Value) bool {
	switch x := key.(type) {
	case *ssa.Const, *ssa.Global, *ssa.Function:
		return true
	case *ssa.UnOp:
		if _, ok := x.X.(*ssa.Global); ok {
			return true
		}
	}
	s, ok := key.Type().Underlying().(*types.Struct)
	return ok && s.NumFields() == 0
}

// An origin is where a context comes from, as seen from inside a function.
type origin struct {
	param   *ssa.Parameter // or nil
	entry   place          // what a place held at the call, if it has a root
	step    *step          // the last link on the way, nil if there is none
	unknown bool
}

// origins returns where v comes from. Nil contexts come from nowhere.
func (r *run) origins(v ssa.Value) (list []origin) {
	type state struct {
		v      ssa.Value
		linked bool
	}
	seen := make(map[state]bool)
	var visit func(v ssa.Value, s *step)
	visit = func(v ssa.Value, s *step) {
		if seen[state{v, s != nil}] {
			return
		}
		seen[state{v, s != nil}] = true
		if p, ok := v.(*ssa.Parameter); ok {
			list = append(list, origin{param: p, step: s})
			return
		}
		edges, known := r.preds(v, nil)
		if !known {
			list = append(list, origin{unknown: true})
		}
		for _, e := range edges {
			next := s
			if next == nil {
				next = e.step
			}
			if e.to != nil {
				visit(e.to, next)
				continue
			}
			o := origin{entry: e.entry, step: next}
			if p, ok := e.entry.root.(*ssa.Parameter); ok && isSlotPath(e.entry) {
				o.param = p
			}
			list = append(list, o)
		}
	}
	visit(v, nil)
	return list
}

// asksFirst reports whether a condition in fn asks the context what it holds.
func (r *run) asksFirst(fn *ssa.Function, ctx *ssa.Parameter) bool {
	member := func(v ssa.Value) bool {
		return v == ctx || slices.ContainsFunc(r.origins(v), func(o origin) bool { return o.param == ctx })
	}
	for _, b := range fn.Blocks {
		if c, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && asks(c.Cond, member, mayLook) {
			return true
		}
	}
	return false
}

// asks reports whether a condition depends on what a context holds, not on whether
// it has ended; looks tells the calls that look into it.
func asks(cond ssa.Value, member func(ssa.Value) bool, looks func(*ssa.Call) bool) bool {
	seen := make(map[ssa.Value]bool)
	var visit func(v ssa.Value) bool
	visit = func(v ssa.Value) bool {
		instr, ok := v.(ssa.Instruction)
		if !ok || seen[v] || len(seen) > 40 {
			return false
		}
		seen[v] = true
		if call, ok := v.(*ssa.Call); ok {
			if call.Call.IsInvoke() && isContext(call.Call.Value.Type()) && call.Call.Method.Name() != "Value" {
				return false
			}
			for _, arg := range arguments(&call.Call) {
				if carries(arg.Type()) {
					if member(arg) && looks(call) {
						return true
					}
				} else if visit(arg) {
					return true
				}
			}
			return false
		}
		if t, ok := v.(*ssa.TypeAssert); ok && isContext(t.X.Type()) && member(t.X) {
			return true
		}
		if b, ok := v.(*ssa.BinOp); ok && isContext(b.X.Type()) {
			return member(b.X) // ctx == nil, ctx == background
		}
		for _, op := range instr.Operands(nil) {
			if *op != nil && visit(*op) {
				return true
			}
		}
		return false
	}
	return visit(cond)
}

// mayLook reports whether a call that is given a context may do nothing but look into it.
func mayLook(call *ssa.Call) bool { return !fails(call) }

// mustLook reports whether a call that is given a context has nothing else to work on.
func mustLook(call *ssa.Call) bool {
	if !call.Call.IsInvoke() && call.Call.StaticCallee() == nil {
		return false // a function value works
	}
	if call.Call.Signature().Recv() != nil && !isContext(arguments(&call.Call)[0].Type()) {
		return false
	}
	for _, arg := range arguments(&call.Call) {
		if !carries(arg.Type()) && !isFixed(lazyssa.Strip(arg)) {
			return false
		}
	}
	return !fails(call)
}

// fails reports whether the call can return an error: it works, it does not only look.
func fails(call *ssa.Call) bool {
	results := call.Call.Signature().Results()
	for v := range results.Variables() {
		if lint.IsError(v.Type()) {
			return true
		}
	}
	return false
}
