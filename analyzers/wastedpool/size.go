package wastedpool

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/poolflow"
	"github.com/heapvet/heapvet/lint"
)

// guards reports whether a Put is made only if the object has a certain size: it is
// decided before, or in the function that puts it back.
func (c *checker) guards(put *poolflow.Put, elem types.Type) bool {
	if dominatedBySize(put.Call.Block(), elem) || chosenBySize(put.Call, elem) {
		return true
	}
	if put.Wrapper != nil && put.Wrapper.Pkg() != c.Pkg {
		return !c.ImportObjectFact(put.Wrapper.Origin(), new(Unguarded))
	}
	var callee *ssa.Function
	switch v := put.Call.Common().Value.(type) {
	case *ssa.MakeClosure:
		callee = v.Fn.(*ssa.Function)
	default:
		callee = c.local(put.Call.Common().StaticCallee())
	}
	return callee != nil && (looksAtSize(callee, elem) || c.shrinks(callee, elem) || slices.ContainsFunc(callsIn(callee), func(call ssa.CallInstruction) bool { return chosenBySize(call, elem) })) ||
		c.asked(put.Call) || c.shrinks(put.Fn, elem)
}

// shrinks reports whether fn calls a function of the package with the object, such as
// its reset, that looks at its size.
func (c *checker) shrinks(fn *ssa.Function, elem types.Type) bool {
	return slices.ContainsFunc(callsIn(fn), func(call ssa.CallInstruction) bool {
		callee := c.local(call.Common().StaticCallee())
		return callee != nil && slices.ContainsFunc(call.Common().Args, func(arg ssa.Value) bool {
			return types.Identical(arg.Type(), elem)
		}) && looksAtSize(callee, elem)
	})
}

// asked reports whether a function of the package that looks at sizes decides on the Put.
func (c *checker) asked(put ssa.CallInstruction) bool {
	for b := put.Block(); b != nil; b = b.Idom() {
		if b == put.Block() || len(b.Instrs) == 0 {
			continue
		}
		if test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && lazyssa.Mentions(test.Cond, 4, func(v ssa.Value) bool {
			call, ok := v.(*ssa.Call)
			if !ok {
				return false
			}
			callee := c.local(call.Call.StaticCallee())
			return callee != nil && mentionsSize(callee)
		}) {
			return true
		}
	}
	return false
}

// dominatedBySize reports whether a branch on the size of an object of type elem, or of
// any bytes if that is nil, comes before b on every way.
func dominatedBySize(b *ssa.BasicBlock, elem types.Type) bool {
	for d := b; d != nil; d = d.Idom() {
		if d != b && testsSize(d, elem) {
			return true
		}
	}
	return false
}

// chosenBySize reports whether a call is a Put into a pool that is chosen by the size of an object of
// type elem, one of several.
func chosenBySize(put ssa.CallInstruction, elem types.Type) bool {
	return poolMethod(put.Common(), "Put") && len(put.Common().Args) == 2 && lazyssa.Mentions(put.Common().Args[0], 6, func(v ssa.Value) bool {
		return isSize(v) && sizeOf(v.(*ssa.Call), elem)
	})
}

// looksAtSize reports whether a function branches on a size.
func looksAtSize(fn *ssa.Function, elem types.Type) bool {
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool { return testsSize(b, elem) })
}

// mentionsSize reports whether a function compares a size with something.
func mentionsSize(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if op, ok := instr.(*ssa.BinOp); ok && comparesSize(op, nil) {
				return true
			}
		}
	}
	return false
}

// testsSize reports whether the branch at the end of b is on the length or capacity of
// an object of type elem, or of any bytes or buffer if that is nil.
func testsSize(b *ssa.BasicBlock, elem types.Type) bool {
	if len(b.Instrs) == 0 {
		return false
	}
	test, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	return ok && lazyssa.Mentions(test.Cond, 6, func(v ssa.Value) bool {
		op, ok := v.(*ssa.BinOp)
		return ok && comparesSize(op, elem)
	})
}

func comparesSize(op *ssa.BinOp, elem types.Type) bool {
	switch op.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
	default:
		return false
	}
	is := func(v ssa.Value) bool { return isSize(v) && (elem == nil || sizeOf(v.(*ssa.Call), elem)) }
	if isSize(op.X) && isSize(op.Y) {
		return false // whether it is full is not whether it is too large
	}
	return !isZero(op.X) && !isZero(op.Y) && (sized(op.X, 5, is) || sized(op.Y, 5, is))
}

// sized reports whether v is a size, or computed from one.
func sized(v ssa.Value, depth int, is func(ssa.Value) bool) bool {
	if is(v) {
		return true
	}
	switch v := v.(type) {
	case *ssa.BinOp, *ssa.Convert, *ssa.ChangeType, *ssa.Phi:
	case *ssa.Call:
		if _, ok := v.Call.Value.(*ssa.Builtin); !ok {
			return false
		}
	default:
		return false
	}
	return depth > 0 && slices.ContainsFunc(v.(ssa.Instruction).Operands(nil), func(op *ssa.Value) bool {
		return *op != nil && sized(*op, depth-1, is)
	})
}

// sizeOf reports whether a call asks for the size of an object of type elem or of a
// part of it: where bytes themselves are pooled, any capacity may be that of the object.
func sizeOf(call *ssa.Call, elem types.Type) bool {
	if isBuiltin(&call.Call, "cap") && lint.IsBytes(lint.Deref(elem)) {
		return true
	}
	args := call.Call.Args
	if call.Call.IsInvoke() {
		args = []ssa.Value{call.Call.Value}
	}
	return slices.ContainsFunc(args, func(arg ssa.Value) bool {
		return lazyssa.Mentions(arg, 5, func(v ssa.Value) bool { return types.Identical(lint.Deref(v.Type()), lint.Deref(elem)) })
	})
}

// isSize reports whether v is the length or capacity of something.
func isSize(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	if isBuiltin(&call.Call, "len") || isBuiltin(&call.Call, "cap") {
		return lint.IsBytes(call.Call.Args[0].Type())
	}
	fn := calleeOf(&call.Call)
	if fn == nil || fn.Signature().Recv() == nil {
		return false
	}
	switch fn.Name() {
	case "Cap", "Len", "Size", "Available":
		return true
	}
	return false
}

func isZero(v ssa.Value) bool {
	k, ok := v.(*ssa.Const)
	return ok && k.Value != nil && k.Value.Kind() == constant.Int && constant.Sign(k.Value) == 0
}
