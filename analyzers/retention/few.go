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

// few reports whether a value can only be one of so many when block b begins: by what it is,
// because the way there shows that it equals a constant or is in a list or map, or because all that it is made of is
// so. What it cannot tell in so many steps is not.
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
		switch addr := x.X.(type) {
		case *ssa.Global:
			return true // one at a time
		case *ssa.FieldAddr:
			return f.setToFew(lazyssa.Field(addr).Origin(), depth)
		case *ssa.IndexAddr:
			return f.settled(addr.X) || f.few(addr.X, b, depth)
		case *ssa.Alloc:
			elems := storedIn(addr)
			return len(elems) > 0 && all(elems)
		}
	case *ssa.Slice: // a literal, or the arguments of a call
		if a, ok := x.X.(*ssa.Alloc); ok {
			return all(storedIn(a))
		}
	case *ssa.Extract:
		switch t := x.Tuple.(type) {
		case *ssa.Lookup:
			return x.Index == 0 && f.settled(t.X)
		case *ssa.Next:
			from, ok := t.Iter.(*ssa.Range)
			return ok && f.settled(from.X)
		}
	case *ssa.Lookup:
		return f.settled(x.X)
	case *ssa.Phi:
		for i, e := range x.Edges {
			if from := x.Block().Preds[i]; !f.leads(e, from, x.Block(), depth) && !f.few(e, from, depth) {
				return false
			}
		}
		return true
	case *ssa.Call:
		if computes(x) && (!x.Call.IsInvoke() || f.few(x.Call.Value, b, depth)) && all(x.Call.Args) || isMin(x) || namesType(x) {
			return true
		}
		callee := x.Call.StaticCallee()
		return callee != nil && x.Call.Signature().Results().Len() == 1 && f.returnsFew(callee, depth)
	case *ssa.Parameter:
		if isStatus(x) {
			return true
		}
		calls := f.callsOf(x.Parent())
		i := slices.Index(x.Parent().Params, x)
		return len(calls) > 0 && !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
			return !f.few(c.Common().Args[i], c.Block(), depth)
		})
	}
	return false
}

// settled reports whether a list or map is a package variable, what is asked about itself, or another field of
// the same struct: what is in it is there once.
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

// storedIn returns what is stored in the elements or fields of a variable, or in all of it.
func storedIn(a *ssa.Alloc) (list []ssa.Value) {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == a {
				list = append(list, ref.Val)
			}
		case *ssa.IndexAddr, *ssa.FieldAddr:
			part := ref.(ssa.Value)
			for _, use := range *part.Referrers() {
				if st, ok := use.(*ssa.Store); ok && st.Addr == part {
					list = append(list, st.Val)
				}
			}
		}
	}
	return list
}

// computes reports whether what a call returns depends on its arguments and nothing else.
func computes(call *ssa.Call) bool {
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

// isMin reports whether a call of min has a constant that is not large.
func isMin(call *ssa.Call) bool {
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "min" && slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool {
		c, ok := arg.(*ssa.Const)
		return ok && c.Value.Kind() == constant.Int && c.Int64() <= smallInt
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
	if v.Exported() || v.Pkg() != f.pass.Pkg {
		return false
	}
	set := false
	for fa, ref := range lazyssa.UsesOf(v, f.funcs) {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != fa || !f.few(ref.Val, ref.Block(), depth) {
				return false
			}
			set = true
		default:
			return false
		}
	}
	return set
}

// isStatus reports whether a parameter is the status that a handler answers with, as the
// http.ResponseWriter is told it.
func isStatus(p *ssa.Parameter) bool {
	fn := p.Parent()
	return fn.Name() == "WriteHeader" && fn.Signature.Recv() != nil && len(fn.Params) == 2 && types.Identical(p.Type(), types.Typ[types.Int])
}

// returnsFew reports whether a function of the package can only return so many values.
func (f *finder) returnsFew(fn *ssa.Function, depth int) bool {
	if fn.Pkg == nil || fn.Pkg.Pkg != f.pass.Pkg {
		return false
	}
	for _, ret := range returns(fn) {
		if !f.few(ret.Results[0], ret.Block(), depth) {
			return false
		}
	}
	return len(fn.Blocks) > 0
}

func returns(fn *ssa.Function) (list []*ssa.Return) {
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			list = append(list, ret)
		}
	}
	return list
}

// callsOf returns the calls of an unexported function, nil if it is used otherwise as well.
func (f *finder) callsOf(fn *ssa.Function) []ssa.CallInstruction {
	if fn.Object() == nil || fn.Object().Exported() && f.pass.Pkg.Name() != "main" || fn.Origin() != nil {
		return nil
	}
	if f.calls == nil {
		f.calls = make(map[*ssa.Function][]ssa.CallInstruction)
		handed := make(map[*ssa.Function]bool)
		for _, g := range f.funcs {
			for _, b := range g.Blocks {
				for _, instr := range b.Instrs {
					call, isCall := instr.(ssa.CallInstruction)
					for i, op := range instr.Operands(nil) {
						callee, ok := (*op).(*ssa.Function)
						switch {
						case !ok:
						case isCall && i == 0 && !call.Common().IsInvoke():
							f.calls[callee] = append(f.calls[callee], call)
						default:
							handed[callee] = true
						}
					}
				}
			}
		}
		for fn := range handed {
			delete(f.calls, fn)
		}
	}
	return f.calls[fn]
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

// tells reports whether a condition that is as is tells that v equals a constant, is in a list or an index of one: by what it
// compares, or by what a function of the package that it asks says of its parameter.
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
	for _, ret := range returns(fn) {
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
