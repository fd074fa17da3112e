package retention

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

const (
	maxFew   = 6    // steps back from a key
	fuelFew  = 2000 // values and blocks that are looked at for one key
	smallInt = 1 << 16
)

// limited reports whether a key can only have so many values where it is added to a place.
func (f *finder) limited(to *growing, key ssa.Value, at ssa.Instruction) bool {
	f.asked, f.fuel = to, fuelFew
	return f.few(key, at.Block(), maxFew)
}

// few reports whether a value can only be one of so many when block b begins: by what it is, because
// the way there shows that it equals a constant or is in a list or map, or because all that it is made
// of is so; of a list or map, or the address of a variable, whether what is in it is. What it cannot
// tell in so many steps is not.
func (f *finder) few(v ssa.Value, b *ssa.BasicBlock, depth int) bool {
	if f.fuel--; f.fuel < 0 {
		return false
	}
	if fewKeys(v) || f.chosen(v, b, depth) || known(v, b) {
		return true
	}
	if depth == 0 {
		return false
	}
	depth--
	all := func(list []ssa.Value) bool {
		return !slices.ContainsFunc(list, func(v ssa.Value) bool { return !f.few(v, b, depth) })
	}
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return f.few(x.X, b, depth)
	case *ssa.ChangeType:
		return f.few(x.X, b, depth)
	case *ssa.Convert:
		return f.few(x.X, b, depth)
	case *ssa.BinOp:
		if _, ok := x.Y.(*ssa.Const); ok && (x.Op == token.REM || x.Op == token.AND) {
			return true
		}
		return f.few(x.X, b, depth) && f.few(x.Y, b, depth)
	case *ssa.UnOp:
		if x.Op == token.SUB || x.Op == token.XOR {
			return f.few(x.X, b, depth)
		}
		if _, ok := x.X.(*ssa.Global); ok {
			return true // one at a time
		}
		return x.Op == token.MUL && f.few(x.X, b, depth+1)
	case *ssa.FieldAddr:
		return f.setToFew(lazyssa.Field(x).Origin(), depth) || isElement(x.X, 2) && f.few(x.X, b, depth)
	case *ssa.Field:
		return f.setToFew(lazyssa.Var(x.X.Type(), x.Field), depth) || isElement(x.X, 2) && f.few(x.X, b, depth)
	case *ssa.IndexAddr:
		return f.settled(x.X) || f.few(x.X, b, depth)
	case *ssa.Alloc:
		return f.holdsFew(x, nil, depth)
	case *ssa.FreeVar:
		bound := lazyssa.Binding(x)
		return bound != nil && f.few(bound, x.Parent().Blocks[0], depth)
	case *ssa.Slice: // a literal, or the arguments of a call
		if a, ok := x.X.(*ssa.Alloc); ok {
			return f.holdsFew(a, x, depth)
		}
	case *ssa.MakeMap:
		elems, ok := putInto(x)
		return ok && all(elems)
	case *ssa.Extract:
		switch t := x.Tuple.(type) {
		case *ssa.Lookup:
			return x.Index == 0 && (f.settled(t.X) || f.few(t.X, b, depth))
		case *ssa.Next:
			from, ok := t.Iter.(*ssa.Range)
			return ok && (f.settled(from.X) || f.few(from.X, b, depth))
		case *ssa.Call:
			return f.returnsFew(t.Call.StaticCallee(), x.Index, depth)
		}
	case *ssa.Lookup:
		return f.settled(x.X) || f.few(x.X, b, depth)
	case *ssa.Phi:
		for i, e := range x.Edges {
			if from := x.Block().Preds[i]; !f.leads(e, from, x.Block(), depth) && !f.few(e, from, depth) {
				return false
			}
		}
		return true
	case *ssa.Call:
		if (computes(x) || asksElement(x)) && (!x.Call.IsInvoke() || f.few(x.Call.Value, b, depth)) && all(x.Call.Args) || isMin(x) || namesType(x) {
			return true
		}
		return x.Call.Signature().Results().Len() == 1 && f.returnsFew(x.Call.StaticCallee(), 0, depth)
	case *ssa.Parameter:
		if isStatus(x) {
			return true
		}
		calls := f.callsOf(x.Parent())
		i := slices.Index(x.Parent().Params, x)
		return len(calls) > 0 && !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
			return !f.few(operand(c, i), c.Block(), depth)
		})
	}
	return false
}

// settled reports whether a list or map is a package variable, what is asked about itself, or another
// field of the same struct: what is in it is there once.
func (f *finder) settled(v ssa.Value) bool {
	if f.asked.isLoad(v) {
		return true
	}
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	switch addr := v.(type) {
	case *ssa.Global:
		return true
	case *ssa.FieldAddr:
		field := placeOf(addr)
		return f.asked.v.IsField() && f.closed(field) && f.ownerOf(field) != nil && f.ownerOf(field) == f.ownerOf(f.asked.v)
	}
	return false
}

// holdsFew reports whether all that is stored in a variable is one of so many.
func (f *finder) holdsFew(a *ssa.Alloc, slice *ssa.Slice, depth int) bool {
	stores, ok := storedIn(a, slice)
	return ok && len(stores) > 0 && f.allFew(stores, depth)
}

func (f *finder) allFew(stores []*ssa.Store, depth int) bool {
	return !slices.ContainsFunc(stores, func(st *ssa.Store) bool { return !f.few(st.Val, st.Block(), depth) })
}

// storedIn returns the stores to a variable, its elements or fields, through addr; not ok if anything
// but the slice that is asked for may write there as well.
func storedIn(addr ssa.Value, slice *ssa.Slice) (list []*ssa.Store, ok bool) {
	for _, ref := range *addr.Referrers() {
		var part ssa.Value
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != addr {
				return nil, false
			}
			list = append(list, ref)
		case *ssa.IndexAddr:
			part = ref
		case *ssa.FieldAddr:
			part = ref
		case *ssa.MakeClosure:
			part = ref.Fn.(*ssa.Function).FreeVars[slices.Index(ref.Bindings, addr)]
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Slice:
			if ref != slice {
				return nil, false
			}
		default:
			return nil, false
		}
		if part != nil {
			more, ok := storedIn(part, nil)
			if !ok {
				return nil, false
			}
			list = append(list, more...)
		}
	}
	return list, true
}

// putInto returns the keys and values that are put into a map of the function; not ok if others get to see it.
func putInto(m *ssa.MakeMap) (list []ssa.Value, ok bool) {
	for _, ref := range *m.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MapUpdate:
			if ref.Map != m {
				return nil, false
			}
			list = append(list, ref.Key, ref.Value)
		case *ssa.Lookup, *ssa.Range, *ssa.DebugRef:
		default:
			return nil, false
		}
	}
	return list, true
}

// asksElement reports whether a call asks an element of a list or map for one of its properties.
func asksElement(call *ssa.Call) bool {
	if sig := call.Call.Signature(); sig.Params().Len() > 0 || sig.Results().Len() != 1 {
		return false
	}
	if call.Call.IsInvoke() {
		return isElement(call.Call.Value, 2)
	}
	return len(call.Call.Args) == 1 && isElement(call.Call.Args[0], 2) // the receiver
}

// computes reports whether what a call returns depends on its arguments and nothing else.
func computes(call *ssa.Call) bool {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		return b.Name() == "min" || b.Name() == "max"
	}
	fn, ok := lazyssa.Callee(call).(*types.Func)
	if call.Call.IsInvoke() {
		fn, ok = call.Call.Method, true
	}
	if !ok {
		return false
	}
	if fn.Signature().Recv() != nil {
		return fn.Signature().Params().Len() == 0 && (fn.Name() == "String" || fn.Name() == "Error")
	}
	if fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "strings", "strconv", "path", "net/http":
		return true
	case "fmt":
		return strings.HasPrefix(fn.Name(), "Sprint")
	}
	return false
}

// isElement reports whether v is an element of a list or map, its address or that of a copy, or
// picked from one by a function.
func isElement(v ssa.Value, depth int) bool {
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	switch v := v.(type) {
	case *ssa.IndexAddr, *ssa.Lookup, *ssa.Alloc:
		return true
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		return depth > 0 && callee != nil && len(callee.Blocks) > 0 && !slices.ContainsFunc(lazyssa.Returns(callee), func(ret *ssa.Return) bool {
			return len(ret.Results) != 1 || !lazyssa.IsNil(ret.Results[0]) && !isElement(ret.Results[0], depth-1)
		})
	case *ssa.Extract:
		switch v.Tuple.(type) {
		case *ssa.Lookup, *ssa.Next:
			return true
		}
	}
	return false
}

// isMin reports whether a call of min has a constant that is not large.
func isMin(call *ssa.Call) bool {
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "min" && slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool {
		c, ok := arg.(*ssa.Const)
		return ok && c.Value != nil && c.Value.Kind() == constant.Int && c.Int64() <= smallInt
	})
}

// namesType reports whether a call formats what type a value is of.
func namesType(call *ssa.Call) bool {
	if !lint.IsFunc(lazyssa.Callee(call), "fmt", "Sprintf") {
		return false
	}
	format, ok := call.Call.Args[0].(*ssa.Const)
	return ok && constant.StringVal(format.Value) == "%T"
}

// setToFew reports whether a field of the package can only have so many values: those that it is set to.
func (f *finder) setToFew(v *types.Var, depth int) bool {
	if v == nil || v.Exported() || v.Pkg() != f.pass.Pkg {
		return false
	}
	if f.fields == nil {
		f.findFields()
	}
	set := f.fields[v.Origin()]
	return set != nil && !set.lent && len(set.stores) > 0 && f.allFew(set.stores, depth)
}

// A setting is how the package sets a field.
type setting struct {
	stores []*ssa.Store
	lent   bool // its address goes elsewhere
}

func (f *finder) findFields() {
	f.fields = make(map[*types.Var]*setting)
	for _, fn := range f.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				fa, ok := instr.(*ssa.FieldAddr)
				if !ok {
					continue
				}
				v := lazyssa.Field(fa).Origin()
				set := f.fields[v]
				if set == nil {
					set = new(setting)
					f.fields[v] = set
				}
				for _, ref := range *fa.Referrers() {
					switch ref := ref.(type) {
					case *ssa.UnOp, *ssa.DebugRef:
					case *ssa.Store:
						set.lent = set.lent || ref.Addr != fa
						set.stores = append(set.stores, ref)
					default:
						set.lent = true
					}
				}
			}
		}
	}
}

// isStatus reports whether a parameter is the status that a handler answers with, as the
// http.ResponseWriter is told it.
func isStatus(p *ssa.Parameter) bool {
	fn := p.Parent()
	return fn.Name() == "WriteHeader" && fn.Signature.Recv() != nil && len(fn.Params) == 2 && types.Identical(p.Type(), types.Typ[types.Int])
}

// returnsFew reports whether a function of the package can only return so many values as result i.
func (f *finder) returnsFew(fn *ssa.Function, i, depth int) bool {
	if fn == nil || fn.Pkg == nil || fn.Pkg.Pkg != f.pass.Pkg {
		return false
	}
	for _, ret := range lazyssa.Returns(fn) {
		if !f.few(ret.Results[i], ret.Block(), depth) {
			return false
		}
	}
	return len(fn.Blocks) > 0
}

// callsOf returns the calls of an unexported function, nil if it is used otherwise as well. Those by
// an interface that has such a method count.
func (f *finder) callsOf(fn *ssa.Function) []ssa.CallInstruction {
	if fn.Object() == nil || fn.Object().Exported() && f.pass.Pkg.Name() != "main" || fn.Origin() != nil {
		return nil
	}
	if f.calls == nil {
		f.findCalls()
	}
	calls := f.calls[fn]
	if fn.Signature.Recv() == nil {
		return calls
	}
	for _, call := range f.invokes[fn.Object().Name()] {
		if types.Identical(call.Common().Signature(), fn.Signature) {
			calls = append(slices.Clip(calls), call)
		}
	}
	return calls
}

func (f *finder) findCalls() {
	f.calls = make(map[*ssa.Function][]ssa.CallInstruction)
	f.invokes = make(map[string][]ssa.CallInstruction)
	handed := make(map[types.Object]bool) // also as the method of a value
	for _, fn := range f.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, isCall := instr.(ssa.CallInstruction)
				if isCall && call.Common().IsInvoke() {
					name := call.Common().Method.Name()
					f.invokes[name] = append(f.invokes[name], call)
				}
				for i, op := range instr.Operands(nil) {
					callee, ok := (*op).(*ssa.Function)
					switch {
					case !ok:
					case isCall && i == 0:
						if origin := callee.Origin(); origin != nil {
							callee = origin
						}
						f.calls[callee] = append(f.calls[callee], call)
					case callee.Object() != nil:
						handed[callee.Object()] = true
					}
				}
			}
		}
	}
	for fn := range f.calls {
		if fn.Object() != nil && handed[fn.Object()] {
			delete(f.calls, fn)
		}
	}
}

// operand returns what a call gives as parameter i of a function, of which the receiver is the first.
func operand(c ssa.CallInstruction, i int) ssa.Value {
	call := c.Common()
	switch {
	case !call.IsInvoke():
		return call.Args[i]
	case i == 0:
		return call.Value
	}
	return call.Args[i-1]
}

// chosen reports whether all ways to a block lead there because v equals a constant, or is in a list.
func (f *finder) chosen(v ssa.Value, b *ssa.BasicBlock, depth int) bool {
	if f.fuel--; f.fuel < 0 || depth == 0 || len(b.Preds) == 0 || v.Referrers() == nil {
		return false
	}
	return !slices.ContainsFunc(b.Preds, func(from *ssa.BasicBlock) bool {
		return !f.leads(v, from, b, depth-1) && !f.chosen(v, from, depth-1)
	})
}

// leads reports whether a branch leads to a block only if v equals a constant, or is in a list.
func (f *finder) leads(v ssa.Value, from, to *ssa.BasicBlock, depth int) bool {
	branch, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If)
	return ok && from.Succs[0] != from.Succs[1] && f.tells(branch.Cond, v, from.Succs[0] == to, depth)
}

// tells reports whether a condition that is as is tells that v equals a constant, is in a list or an
// index of one: by what it compares, or by what a function of the package that it asks says of its
// parameter.
func (f *finder) tells(cond, v ssa.Value, is bool, depth int) bool {
	switch cond := cond.(type) {
	case *ssa.BinOp:
		if cond.X != v && cond.Y != v {
			return false
		}
		other := cond.X
		if other == v {
			other = cond.Y
		}
		op := cond.Op
		if cond.Y == v {
			op = lint.Mirrored(op)
		}
		if !is {
			op = lint.Negated(op)
		}
		return op == token.EQL && listed(other) || (op == token.LSS || op == token.LEQ) && bound(other)
	case *ssa.Extract:
		look, ok := cond.Tuple.(*ssa.Lookup)
		return ok && is && look.Index == v
	case *ssa.Lookup:
		return is && cond.Index == v
	case *ssa.Call:
		i := slices.Index(cond.Call.Args, v)
		if i < 0 || !is {
			return false
		}
		if lint.IsFunc(lazyssa.Callee(cond), "slices", "Contains") {
			return i == 1
		}
		callee := cond.Call.StaticCallee()
		return depth > 0 && callee != nil && callee.Pkg != nil && callee.Pkg.Pkg == f.pass.Pkg && i < len(callee.Params) && f.accepts(callee, callee.Params[i], depth-1)
	}
	return false
}

// bound reports whether v is a number that is not large, or the length of something.
func bound(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return v.Value != nil && v.Value.Kind() == constant.Int && v.Int64() <= smallInt
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "len"
	}
	return false
}

// listed reports whether v is a constant or an element of a list.
func listed(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.UnOp:
		_, ok := x.X.(*ssa.IndexAddr)
		return ok
	case *ssa.Extract:
		next, ok := x.Tuple.(*ssa.Next)
		return ok && !next.IsString
	}
	return false
}

// accepts reports whether a function returns true only for so many values of a parameter.
func (f *finder) accepts(fn *ssa.Function, p *ssa.Parameter, depth int) bool {
	if fn.Signature.Results().Len() != 1 || len(fn.Blocks) == 0 {
		return false
	}
	only := func(v ssa.Value, b *ssa.BasicBlock) bool {
		c, ok := v.(*ssa.Const)
		return ok && !constant.BoolVal(c.Value) || f.tells(v, p, true, depth) || f.chosen(p, b, depth)
	}
	for _, ret := range lazyssa.Returns(fn) {
		phi, ok := ret.Results[0].(*ssa.Phi)
		if !ok {
			if !only(ret.Results[0], ret.Block()) {
				return false
			}
			continue
		}
		for i, e := range phi.Edges {
			if from := phi.Block().Preds[i]; !only(e, from) && !f.leads(p, from, phi.Block(), depth) {
				return false
			}
		}
	}
	return true
}
