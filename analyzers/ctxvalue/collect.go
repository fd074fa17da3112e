package ctxvalue

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
)

// An op stores a context value or looks one up.
type op struct {
	call ssa.CallInstruction
	arg  int // index of the key among the arguments of call
	keys keys
	via  *types.Func // the wrapper that does it, nil for WithValue and Value themselves
}

// keys is what a key operand may be.
type keys struct {
	list    []key
	params  []*ssa.Parameter // of interface type or of a type parameter: callers decide
	unknown bool
}

// A key is one possible key.
type key struct {
	typ    types.Type     // the dynamic type; nil for a nil key
	val    constant.Value // the value of a constant, or nil
	origin ssa.Value      // what a pointer points to: the variable or allocation, if known
	source *ssa.Global    // the package variable that holds the key, if it is known and never changes
}

// variable is what the package does with a package variable.
type variable struct {
	stores  []ssa.Value
	loads   []ssa.Value
	escapes bool // its address is used for more than loads and stores
}

// collect finds all operations of the package, and exports the facts of the
// wrappers that others can call.
func (r *run) collect(s *lazyssa.SSA) {
	funcs := s.Funcs
	if init := s.Pkg.Func("init"); init != nil {
		funcs = append(slices.Clone(funcs), init)
	}
	var calls []ssa.CallInstruction
	r.vars = make(map[*ssa.Global]*variable)
	for _, f := range funcs {
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				r.noteVariables(instr)
				if call, ok := instr.(ssa.CallInstruction); ok {
					calls = append(calls, call)
				}
			}
		}
	}
	// A wrapper may wrap a wrapper that is declared after it.
	for changed := true; changed; {
		changed = false
		r.sets, r.gets = nil, nil
		for _, call := range calls {
			changed = r.collectCall(call) || changed
		}
	}
	for fn, f := range r.facts {
		if f != nil && fn.Pkg() == r.Pkg && fn.Exported() && !isWithValue(fn) {
			r.ExportObjectFact(fn, f)
		}
	}
	r.findLeaks(funcs)
}

func (r *run) noteVariables(instr ssa.Instruction) {
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
		switch instr := instr.(type) {
		case *ssa.UnOp:
			v.loads = append(v.loads, instr)
		case *ssa.Store:
			if instr.Addr == g {
				v.stores = append(v.stores, instr.Val)
			}
			if instr.Val == g {
				v.escapes = true
			}
		case *ssa.DebugRef:
		default:
			v.escapes = true
		}
	}
}

// collectCall notes the operations of one call, and reports whether it taught a
// new fact about the function around it.
func (r *run) collectCall(call ssa.CallInstruction) (learnt bool) {
	common := call.Common()
	if common.IsInvoke() {
		if isValue(common.Method) {
			o := op{call: call, keys: r.resolve(common.Args[0])}
			r.gets = append(r.gets, o)
			learnt = r.learn(o.keys.params, false)
		}
		return learnt
	}
	callee := common.StaticCallee()
	if callee == nil {
		return false
	}
	fn, ok := callee.Object().(*types.Func)
	if !ok {
		return false
	}
	fn = fn.Origin()
	f := r.fact(fn)
	if f == nil {
		return false
	}
	via := fn
	if isWithValue(fn) {
		via = nil
	}
	for _, i := range f.Set {
		if i < len(common.Args) {
			o := op{call: call, arg: i, keys: r.resolve(common.Args[i]), via: via}
			r.sets = append(r.sets, o)
			learnt = r.learn(o.keys.params, true) || learnt
		}
	}
	for _, i := range f.Get {
		if i < len(common.Args) {
			o := op{call: call, arg: i, keys: r.resolve(common.Args[i]), via: via}
			r.gets = append(r.gets, o)
			learnt = r.learn(o.keys.params, false) || learnt
		}
	}
	return learnt
}

// learn notes that parameters are used as keys.
func (r *run) learn(params []*ssa.Parameter, set bool) (learnt bool) {
	for _, p := range params {
		fn, ok := p.Parent().Object().(*types.Func)
		if !ok {
			continue
		}
		f := r.facts[fn]
		if f == nil {
			f = new(keyParams)
			r.facts[fn] = f
		}
		list := &f.Get
		if set {
			list = &f.Set
		}
		if i := slices.Index(p.Parent().Params, p); !slices.Contains(*list, i) {
			*list = append(*list, i)
			slices.Sort(*list)
			learnt = true
		}
	}
	return learnt
}

// resolve finds out what the key operand v may be.
func (r *run) resolve(v ssa.Value) (ks keys) {
	seen := make(map[ssa.Value]bool)
	var visit func(ssa.Value, *ssa.Global)
	visit = func(v ssa.Value, source *ssa.Global) {
		if seen[v] {
			return
		}
		seen[v] = true
		if g := r.constantVar(v); g != nil {
			source = g
		}
		if !types.IsInterface(v.Type()) {
			k := key{typ: v.Type(), origin: r.origin(v), source: source}
			if c, ok := v.(*ssa.Const); ok {
				k.val = c.Value
			}
			ks.list = append(ks.list, k)
			return
		}
		switch v := v.(type) {
		case *ssa.MakeInterface:
			visit(v.X, source)
		case *ssa.ChangeInterface:
			visit(v.X, source)
		case *ssa.ChangeType: // of a type parameter constrained by any
			visit(v.X, source)
		case *ssa.Phi:
			for _, e := range v.Edges {
				visit(e, source)
			}
		case *ssa.Const:
			if _, ok := types.Unalias(v.Type()).(*types.TypeParam); ok {
				ks.unknown = true
				return
			}
			ks.list = append(ks.list, key{})
		case *ssa.Parameter:
			ks.params = append(ks.params, v)
		case *ssa.UnOp:
			if stored := r.onlyStored(v); stored != nil {
				visit(stored, source)
				return
			}
			ks.unknown = true
		default:
			ks.unknown = true
		}
	}
	visit(v, nil)
	return ks
}

// constantVar returns the package variable that v loads, if it never changes.
func (r *run) constantVar(v ssa.Value) *ssa.Global {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		if g, ok := load.X.(*ssa.Global); ok {
			if g.Pkg.Pkg != r.Pkg || r.onlyStored(load) != nil {
				return g
			}
		}
	}
	return nil
}

// onlyStored returns the only value that the variable loaded by load ever gets, or nil.
func (r *run) onlyStored(load *ssa.UnOp) ssa.Value {
	if load.Op != token.MUL {
		return nil
	}
	addr := load.X
	for range 8 { // nested literals; more would be absurd
		free, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		if addr = binding(free); addr == nil {
			return nil
		}
	}
	switch addr := addr.(type) {
	case *ssa.Global:
		if v := r.vars[addr]; v != nil && !v.escapes && len(v.stores) == 1 {
			return v.stores[0]
		}
	case *ssa.Alloc:
		if stores, ok := storesTo(addr); ok && len(stores) == 1 {
			return stores[0].Val
		}
	}
	return nil
}

// binding returns what a function literal captures as free, or nil.
func binding(free *ssa.FreeVar) ssa.Value {
	fn := free.Parent()
	if fn.Parent() == nil {
		return nil
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if mc, ok := instr.(*ssa.MakeClosure); ok && mc.Fn == fn {
				return mc.Bindings[slices.Index(fn.FreeVars, free)]
			}
		}
	}
	return nil
}

// storesTo returns the stores to a local variable, those in function literals
// included; ok is false if its address is used in other ways.
func storesTo(addr ssa.Value) (stores []*ssa.Store, ok bool) {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Val == addr {
				return nil, false
			}
			stores = append(stores, ref)
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			inner, ok := storesTo(ref.Fn.(*ssa.Function).FreeVars[slices.Index(ref.Bindings, addr)])
			if !ok {
				return nil, false
			}
			stores = append(stores, inner...)
		default:
			return nil, false
		}
	}
	return stores, true
}

// origin returns the variable or allocation that the pointer v points to, or nil.
func (r *run) origin(v ssa.Value) ssa.Value {
	for range 8 {
		switch x := v.(type) {
		case *ssa.Alloc, *ssa.Global:
			return x
		case *ssa.ChangeType:
			v = x.X
		case *ssa.UnOp:
			stored := r.onlyStored(x)
			if stored == nil {
				return nil
			}
			v = stored
		default:
			return nil
		}
	}
	return nil
}
