package resource

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// lasts reports whether a call does not come back: its function returns only when its context
// has ended, and it is given one that has no end.
func (a *analyzer) lasts(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	fn := a.local(call.Call.StaticCallee())
	if fn == nil || len(fn.Params) != len(call.Call.Args) {
		return false
	}
	return a.once(call, func() bool {
		for i, arg := range call.Call.Args {
			if root, ok := arg.(*ssa.Call); ok && lint.IsRootContext(lazyssa.Callee(root)) && returnsAfter(fn, fn.Params[i]) {
				return true
			}
		}
		return false
	})
}

// returnsAfter reports whether a function returns only after it has seen the end of a context.
func returnsAfter(fn *ssa.Function, ctx *ssa.Parameter) bool {
	asks := func(v ssa.Value, method string) bool {
		call, ok := v.(*ssa.Call)
		return ok && call.Call.IsInvoke() && call.Call.Value == ctx && call.Call.Method.Name() == method
	}
	// ended returns which way a condition leads once the context has ended, or -1.
	ended := func(cond ssa.Value) int {
		cmp, ok := cond.(*ssa.BinOp)
		if !ok {
			return -1
		}
		if asks(cmp.X, "Err") && lazyssa.IsNil(cmp.Y) {
			if cmp.Op == token.NEQ {
				return 0
			}
			return 1
		}
		x, ok := cmp.X.(*ssa.Extract)
		if !ok || x.Index != 0 || cmp.Op != token.EQL {
			return -1
		}
		sel, ok := x.Tuple.(*ssa.Select)
		c, isConst := cmp.Y.(*ssa.Const)
		if ok && isConst && c.Int64() < int64(len(sel.States)) && asks(sel.States[c.Int64()].Chan, "Done") {
			return 0
		}
		return -1
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{fn.Blocks[0]}
blocks:
	for len(work) > 0 {
		b := work[0]
		work = work[1:]
		if seen[b] {
			continue
		}
		seen[b] = true
		for _, instr := range b.Instrs {
			switch in := instr.(type) {
			case *ssa.Return:
				return false
			case *ssa.UnOp:
				if in.Op == token.ARROW && asks(in.X, "Done") {
					continue blocks
				}
			case *ssa.If:
				if i := ended(in.Cond); i >= 0 {
					work = append(work, b.Succs[1-i])
					continue blocks
				}
			}
		}
		work = append(work, b.Succs...)
	}
	return true
}
