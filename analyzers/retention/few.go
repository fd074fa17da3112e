package retention

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// maxFew is how many steps back few looks.
const maxFew = 3

// few reports whether a key can only have so many values when block b begins: by what it is,
// because one is only there if it equals a constant or is in a list or map, or because that holds for all that it
// may be.
func (f *finder) few(key ssa.Value, b *ssa.BasicBlock, depth int) bool {
	if fewKeys(key) || isConstant(key, b, depth) || known(key, b) {
		return true
	}
	if depth == 0 {
		return false
	}
	switch x := key.(type) {
	case *ssa.MakeInterface:
		return f.few(x.X, b, depth)
	case *ssa.ChangeType:
		return f.few(x.X, b, depth)
	case *ssa.Convert:
		return f.few(x.X, b, depth)
	case *ssa.BinOp:
		if _, ok := x.Y.(*ssa.Const); !ok {
			return false
		}
		return x.Op == token.REM || x.Op == token.AND || f.few(x.X, b, depth)
	case *ssa.UnOp:
		fa, ok := x.X.(*ssa.FieldAddr)
		return ok && f.setToFew(lazyssa.Field(fa).Origin(), depth)
	case *ssa.Phi:
		for i, e := range x.Edges {
			if from := x.Block().Preds[i]; !leadsIfConstant(e, from, x.Block()) && !f.few(e, from, depth-1) {
				return false
			}
		}
		return true
	case *ssa.Call:
		callee := x.Call.StaticCallee()
		return callee != nil && x.Call.Signature().Results().Len() == 1 && f.returnsFew(callee, depth)
	case *ssa.Parameter:
		if isStatus(x) {
			return true
		}
		calls := f.callsOf(x.Parent())
		i := slices.Index(x.Parent().Params, x)
		return len(calls) > 0 && !slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool {
			return !f.few(c.Common().Args[i], c.Block(), depth-1)
		})
	}
	return false
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
			if ref.Addr != fa || !f.few(ref.Val, ref.Block(), depth-1) {
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
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !f.few(ret.Results[0], b, depth-1) {
			return false
		}
	}
	return len(fn.Blocks) > 0
}

// callsOf returns the calls of an unexported function, nil if it is used otherwise as well.
func (f *finder) callsOf(fn *ssa.Function) (calls []ssa.CallInstruction) {
	if fn.Object() == nil || fn.Object().Exported() && f.pass.Pkg.Name() != "main" || fn.Origin() != nil {
		return nil
	}
	for _, g := range f.funcs {
		for _, b := range g.Blocks {
			for _, instr := range b.Instrs {
				call, isCall := instr.(ssa.CallInstruction)
				for i, op := range instr.Operands(nil) {
					switch {
					case *op != fn:
					case isCall && i == 0 && !call.Common().IsInvoke():
						calls = append(calls, call)
					default:
						return nil
					}
				}
			}
		}
	}
	return calls
}

// isConstant reports whether all ways to a block lead there because v equals a constant, or is in a list.
func isConstant(v ssa.Value, b *ssa.BasicBlock, depth int) bool {
	if depth == 0 || len(b.Preds) == 0 {
		return false
	}
	return !slices.ContainsFunc(b.Preds, func(from *ssa.BasicBlock) bool {
		return !leadsIfConstant(v, from, b) && !isConstant(v, from, depth-1)
	})
}

// leadsIfConstant reports whether a branch leads to a block only if v equals a constant, or is in a list.
func leadsIfConstant(v ssa.Value, from, to *ssa.BasicBlock) bool {
	branch, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If)
	if !ok || from.Succs[0] == from.Succs[1] {
		return false
	}
	if in, ok := branch.Cond.(*ssa.Call); ok {
		return lint.IsFunc(lazyssa.Callee(in), "slices", "Contains") && in.Call.Args[1] == v && from.Succs[0] == to
	}
	cmp, ok := branch.Cond.(*ssa.BinOp)
	if !ok || cmp.X != v && cmp.Y != v {
		return false
	}
	_, x := cmp.X.(*ssa.Const)
	_, y := cmp.Y.(*ssa.Const)
	return (x || y) && (cmp.Op == token.EQL && from.Succs[0] == to || cmp.Op == token.NEQ && from.Succs[1] == to)
}
