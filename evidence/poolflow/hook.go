package poolflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A hook is what a wrapper leaves to others to do with an object: a function
// in a field of the pool's owner, or a method that the type of the object brings.
type hook struct {
	param  int    // the owner, if it is a field
	path   string // the field
	method string
}

// hookOf returns the hook that a call with the object is, if it is one.
func (w *walk) hookOf(call ssa.CallInstruction) (hook, bool) {
	c := call.Common()
	if c.IsInvoke() {
		return hook{param: -1, method: c.Method.Name()}, w.is(c.Value) && len(c.Args) == 0
	}
	if p := placeOf(c.Value); p.param >= 0 && p.path != "" && len(c.Args) == 1 && w.is(c.Args[0]) {
		return hook{param: p.param, path: p.path}, true
	}
	return hook{}, false
}

// hooked applies a call that is a hook, and reports whether it is one. What it
// does is known to callers only: until then it is out of sight, or, in a second
// walk, leaves the object as it is.
func (w *walk) hooked(st *state, call ssa.CallInstruction) bool {
	h, ok := w.hookOf(call)
	if !ok || w.kind == buffer {
		return false
	}
	if w.bare {
		return true
	}
	switch {
	case w.eff.hook == nil:
		w.eff.hook = &h
	case *w.eff.hook != h:
		w.eff.hooks = true
	}
	w.unknown(st)
	return true
}

// resolved returns the effect of a wrapper with what its hook does in this call:
// the wrapper is given the object, of type t, as an argument, or returns it.
func (a *analyzer) resolved(call ssa.CallInstruction, eff *effect, t types.Type) *effect {
	if eff == nil || eff.hook == nil || eff.bare == nil {
		return eff
	}
	does, ok := a.hookEffect(call, *eff.hook, t)
	if !ok {
		return eff
	}
	if does == nil {
		return eff.bare
	}
	return eff.bare.followedBy(does)
}

// followedBy returns the effect e with what a hook does before the object is put back.
func (e *effect) followedBy(does *effect) *effect {
	out := *e
	out.exit = e.exit.then(does.exit)
	out.puts = slices.Clone(e.puts)
	for i := range out.puts {
		out.puts[i].state = out.puts[i].state.then(does.exit)
	}
	out.dirtAt, out.keptAt = does.dirtAt, does.keptAt
	return &out
}

// hookEffect returns what a hook does in a call, nil if nothing.
func (a *analyzer) hookEffect(call ssa.CallInstruction, h hook, t types.Type) (does *effect, ok bool) {
	if h.method != "" {
		sel := types.NewMethodSet(t).Lookup(a.pass.Pkg, h.method)
		if sel == nil {
			return nil, !types.IsInterface(t)
		}
		fn, _ := sel.Obj().(*types.Func)
		if fn == nil || len(sel.Index()) != 1 || types.IsInterface(t) {
			return nil, false
		}
		return a.declared(fn)
	}
	args := arguments(call)
	if h.param >= len(args) {
		return nil, false
	}
	v, ok := a.fieldValue(args[h.param], h.path, 4)
	switch fn := lazyssa.Strip(v).(type) {
	case nil:
		return nil, ok
	case *ssa.Const:
		return nil, ok && fn.IsNil()
	case *ssa.Function:
		if local := a.local(fn); local != nil && len(local.Params) > 0 {
			does = a.summary(local, local.Params[0])
			return does, does != nil
		}
		if obj, isFunc := fn.Object().(*types.Func); isFunc && strings.HasPrefix(fn.Synthetic, "thunk") {
			return a.declared(obj)
		}
	case *ssa.MakeClosure:
		if f := fn.Fn.(*ssa.Function); len(f.Blocks) > 0 && len(f.Params) > 0 {
			does = a.summary(f, f.Params[0])
			return does, does != nil
		}
	}
	return nil, false
}

// declared returns what a declared method does to its receiver.
func (a *analyzer) declared(fn *types.Func) (*effect, bool) {
	if w := a.wrapper(fn); w != nil {
		eff := w.effect(0)
		return eff, eff != nil
	}
	f := a.prog.Pkg.Prog.FuncValue(fn.Origin())
	if f == nil || a.local(f) == nil || len(f.Params) == 0 {
		return nil, false
	}
	eff := a.summary(f, f.Params[0])
	return eff, eff != nil
}

// fieldValue returns what is stored in the field at path of the owner of a
// pool, nil if nothing is.
func (a *analyzer) fieldValue(owner ssa.Value, path string, depth int) (ssa.Value, bool) {
	if depth == 0 {
		return nil, false
	}
	if call, ok := owner.(*ssa.Call); ok {
		return a.constructed(call, path, depth)
	}
	key := placeOf(owner).key
	if key == "" {
		return nil, false
	}
	if alloc, ok := owner.(*ssa.Alloc); ok {
		return inLiteral(alloc, path)
	}
	set := a.fieldStores()
	switch vs := set[key+path]; {
	case len(vs) > 1:
		return nil, false
	case len(vs) == 1:
		return vs[0], true
	}
	switch vs := set[key]; {
	case len(vs) == 0:
		// A zero value, or put together by its fields alone.
		for k := range set {
			if strings.HasPrefix(k, key+".") {
				return nil, true
			}
		}
		_, global := ownerRoot(owner).(*ssa.Global)
		return nil, global
	case len(vs) == 1:
		switch v := vs[0].(type) {
		case *ssa.Call:
			return a.constructed(v, path, depth)
		case *ssa.Alloc:
			return inLiteral(v, path)
		case *ssa.UnOp:
			if lit := literal(v); lit != nil {
				return inLiteral(lit, path)
			}
		}
	}
	return nil, false
}

// inLiteral returns what the field at path is set to of the struct at addr,
// nil if it is not.
func inLiteral(addr *ssa.Alloc, path string) (ssa.Value, bool) {
	var v ssa.Value
	for _, ref := range *addr.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if !ok || "."+lazyssa.Field(fa).Name() != path {
			continue
		}
		for _, use := range *fa.Referrers() {
			if st, ok := use.(*ssa.Store); ok && st.Addr == fa {
				if v != nil {
					return nil, false
				}
				v = st.Val
			}
		}
	}
	return v, strings.Count(path, ".") == 1
}

func ownerRoot(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		default:
			return v
		}
	}
}

// fieldStores returns what the package stores in the variables and fields that
// have a place: functions, and owners of pools.
func (a *analyzer) fieldStores() map[string][]ssa.Value {
	if a.stored != nil {
		return a.stored
	}
	a.stored = make(map[string][]ssa.Value)
	fns := a.prog.Funcs
	if init := a.prog.Pkg.Func("init"); init != nil {
		fns = append(slices.Clip(fns), init)
	}
	for _, fn := range fns {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				switch t := lint.Deref(st.Val.Type()).Underlying().(type) {
				case *types.Signature:
				case *types.Struct:
					if _, ok := types.Unalias(lint.Deref(st.Val.Type())).(*types.Named); !ok || t.NumFields() == 0 {
						continue
					}
				default:
					continue
				}
				if p := placeOf(st.Addr); p.key != "" {
					a.stored[p.key] = append(a.stored[p.key], st.Val)
				}
			}
		}
	}
	return a.stored
}

// constructed returns what the field at path holds of the object that a
// constructor returns.
func (a *analyzer) constructed(call *ssa.Call, path string, depth int) (ssa.Value, bool) {
	callee := call.Call.StaticCallee()
	if callee == nil {
		return nil, false
	}
	param, ok := -1, false
	if local := a.local(callee); local != nil {
		var v ssa.Value
		v, param, ok = a.setsField(local, path, depth)
		if !ok || v != nil {
			return v, ok
		}
	} else if fn, isFunc := callee.Object().(*types.Func); isFunc {
		w := a.wrapper(fn)
		if w == nil || !w.Constructs {
			return nil, false
		}
		ok = true
		for _, h := range w.Hooks {
			if h.Path == path {
				param = h.Param
			}
		}
	}
	if !ok || param >= len(call.Call.Args) {
		return nil, false
	}
	if param < 0 {
		return nil, param == -1
	}
	return call.Call.Args[param], true
}

// setsField returns what a constructor stores in the field at path of what it
// returns: a value of its own, or that of a parameter, or nothing.
func (a *analyzer) setsField(fn *ssa.Function, path string, depth int) (v ssa.Value, param int, ok bool) {
	if strings.Count(path, ".") != 1 || fn.Signature.Results().Len() == 0 {
		return nil, -1, false
	}
	result := ownerOf(fn.Signature.Results().At(0).Type())
	if result == nil {
		return nil, -1, false
	}
	var vals []ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				fa, isField := instr.Addr.(*ssa.FieldAddr)
				if isField && ownerOf(lint.Deref(fa.X.Type())) == result && "."+lazyssa.Field(fa).Name() == path {
					vals = append(vals, instr.Val)
				}
			case *ssa.Return:
				if call, isCall := instr.Results[0].(*ssa.Call); isCall {
					v, ok := a.constructed(call, path, depth-1)
					if !ok {
						return nil, -1, false
					}
					vals = append(vals, v)
				}
			case *ssa.Call:
				for _, arg := range instr.Call.Args {
					if ownerOf(arg.Type()) == result {
						return nil, -1, false // an option may set it
					}
				}
			}
		}
	}
	switch {
	case len(vals) == 0 || len(vals) == 1 && vals[0] == nil:
		return nil, -1, true
	case len(vals) > 1:
		return nil, -1, false
	}
	if at := slices.IndexFunc(fn.Params, func(p *ssa.Parameter) bool { return p == vals[0] }); at >= 0 {
		return nil, at, true
	}
	switch lazyssa.Strip(vals[0]).(type) {
	case *ssa.Function, *ssa.MakeClosure, *ssa.Const:
		return vals[0], -1, true
	}
	return nil, -1, false
}

// ownerOf returns the name of a struct type, or of one that t points to.
func ownerOf(t types.Type) *types.TypeName {
	named, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	if !ok {
		return nil
	}
	if _, ok := named.Underlying().(*types.Struct); !ok {
		return nil
	}
	return named.Origin().Obj()
}

// constructs returns which parameters of a constructor of a pool's owner become
// its functions, for callers in other packages.
func (a *analyzer) constructs(fn *ssa.Function) (hooks []Hook, ok bool) {
	if fn.Signature.Recv() != nil || fn.Signature.Results().Len() == 0 {
		return nil, false
	}
	owner := ownerOf(fn.Signature.Results().At(0).Type())
	if owner == nil || owner.Pkg() != a.pass.Pkg {
		return nil, false
	}
	st := owner.Type().Underlying().(*types.Struct)
	pools := false
	for f := range st.Fields() {
		pools = pools || lint.IsNamed(lint.Deref(f.Type()), "sync", "Pool")
	}
	if !pools {
		return nil, false
	}
	for f := range st.Fields() {
		if _, ok := f.Type().Underlying().(*types.Signature); !ok {
			continue
		}
		path := "." + f.Name()
		v, param, ok := a.setsField(fn, path, 4)
		if !ok || v != nil {
			param = -2
		}
		if param != -1 {
			hooks = append(hooks, Hook{path, param})
		}
	}
	return hooks, true
}
