package wastedpool

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// returned returns the values that a function returns as result i.
func returned(fn *ssa.Function, i int) (list []ssa.Value) {
	for _, b := range fn.Blocks {
		if len(b.Instrs) == 0 {
			continue
		}
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && i < len(ret.Results) {
			list = append(list, ret.Results[i])
		}
	}
	return list
}

// local returns the function of this package that a call runs: the generic one
// for an instance of it.
func (c *checker) local(callee *ssa.Function) *ssa.Function {
	if callee == nil {
		return nil
	}
	if origin := callee.Origin(); origin != nil {
		callee = origin
	}
	if callee.Pkg == c.prog.Pkg && len(callee.Blocks) > 0 {
		return callee
	}
	return nil
}

func poolMethod(c *ssa.CallCommon, name string) bool {
	fn := c.StaticCallee()
	// The wrapper of a method value has the object of the method, but no receiver.
	return fn != nil && fn.Signature.Recv() != nil && lint.IsMethod(fn.Object(), "sync", "Pool", name)
}

func isBuiltin(c *ssa.CallCommon, name string) bool {
	b, ok := c.Value.(*ssa.Builtin)
	return ok && b.Name() == name
}

// calleeOf returns the function or method that a call names, or nil.
func calleeOf(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method
	}
	if fn := c.StaticCallee(); fn != nil {
		f, _ := fn.Object().(*types.Func)
		return f
	}
	return nil
}

// after reports whether instruction b can run after a, in one function.
func after(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() && slices.Index(a.Block().Instrs, b) > slices.Index(a.Block().Instrs, a) {
		return true
	}
	return lazyssa.Reaches(a.Block(), b.Block())
}
