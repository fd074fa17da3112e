package lostgoroutine

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// heedless reports loops that never end once their context has: what they try is given the context
// and fails from then on, again and again, and nothing but its success leaves the loop.
func (f *finder) heedless() {
	if !lint.Imports(f.pass.Pkg, "context") {
		return
	}
	for _, fn := range f.model.Funcs() {
		if f.ends(fn) || f.onlyOnce()[fn] || f.tests.Has(fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || !slices.ContainsFunc(origins(contextGiven(call)), func(ctx any) bool { return f.unending(call, ctx) }) {
					continue
				}
				src := lint.CallAt(f.pass, call.Pos())
				if src == nil {
					continue
				}
				out := "nothing but its success leaves the loop"
				if wait, _ := f.endless(fn); wait != nil {
					out = "nothing leaves the loop"
				}
				f.report(call, noExit, fmt.Sprintf("this loop never ends once the context has: %s fails from then on, again and again, and %s", lint.Spelled(src), out))
			}
		}
	}
}

// unending reports whether a call is made for ever once a context has ended that is not made for each try.
func (f *finder) unending(call *ssa.Call, ctx any) bool {
	if made, ok := ctx.(*ssa.Extract); ok && lazyssa.Reaches(made.Block(), made.Block()) {
		return false
	}
	return failsWith(call, ctx, 3) && goesOnFor(call, ctx) && f.mayEnd(ctx, 3)
}

// origins returns what may end a context, from the nearest: values that other functions have made, and the
// parameter or the field (a *types.Var) that it comes from.
func origins(ctx ssa.Value) (list []any) {
	for ctx != nil {
		v := ctx
		ctx = nil
		switch v := v.(type) {
		case *ssa.Parameter:
			list = append(list, v)
		case *ssa.Call:
			if lint.IsFunc(lazyssa.Callee(v), "context", "WithValue") {
				ctx = v.Call.Args[0]
			}
		case *ssa.Extract:
			list = append(list, v)
			if call, ok := v.Tuple.(*ssa.Call); ok && lint.IsCancelable(lazyssa.Callee(call)) {
				ctx = call.Call.Args[0]
			}
		case *ssa.UnOp:
			if fa, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL {
				list = append(list, lazyssa.Field(fa))
			} else if cell := lazyssa.Variable(v.X); cell != nil {
				if stores, ok := lazyssa.StoresTo(cell); ok && len(stores) == 1 {
					ctx = stores[0].Val
				}
			}
		}
	}
	return list
}

// contextGiven returns the context that a call is given, itself or in a request; or nil.
func contextGiven(call *ssa.Call) ssa.Value {
	for _, arg := range call.Call.Args {
		if lint.IsNamed(arg.Type(), "context", "Context") {
			return arg
		}
		if x, ok := arg.(*ssa.Extract); ok && makesRequest(x.Tuple) {
			return x.Tuple.(*ssa.Call).Call.Args[0]
		}
	}
	return nil
}

// makesRequest reports whether a value is what http.NewRequestWithContext returns.
func makesRequest(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	return ok && lint.IsFunc(lazyssa.Callee(call), "net/http", "NewRequestWithContext")
}

// failsWith reports whether a call returns an error once the context that it is given has ended. That
// is believed of who also returns what it was asked for, unless it only makes something, and of the
// standard library; who returns an error alone may return when all is done.
func failsWith(call *ssa.Call, ctx any, depth int) bool {
	sig := call.Call.Signature()
	n := sig.Results().Len()
	if n == 0 || !lint.IsError(sig.Results().At(n-1).Type()) || !slices.Contains(origins(contextGiven(call)), ctx) {
		return false
	}
	fn := call.Call.StaticCallee()
	if fn != nil && fn.Blocks != nil {
		i := slices.IndexFunc(call.Call.Args, func(a ssa.Value) bool { return lint.IsNamed(a.Type(), "context", "Context") })
		return depth > 0 && i >= 0 && failsEver(fn, fn.Params[i], depth-1)
	}
	obj := lazyssa.Callee(call)
	if obj == nil {
		return n > 1
	}
	if strings.HasPrefix(obj.Name(), "New") {
		return false
	}
	return n > 1 || obj.Pkg() != nil && lint.IsStd(obj.Pkg().Path())
}

// failsEver reports whether a function returns an error on every way that it can go once a context has ended.
func failsEver(fn *ssa.Function, ctx any, depth int) bool {
	for b := range afterEnd(fn.Blocks[0], ctx, depth) {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == fn.Recover {
			continue
		}
		err := ret.Results[len(ret.Results)-1]
		if load, ok := err.(*ssa.UnOp); ok {
			if last := lazyssa.LastStored(load); last != nil {
				err = last
			}
		}
		if !lazyssa.IsFailure(err) && !lazyssa.Failed(err, b) && !isEndOf(err, ctx) && !fails(err, ctx, depth) {
			return false
		}
	}
	return true
}

// isEndOf reports whether an error is what a context says of its end.
func isEndOf(err ssa.Value, ctx any) bool {
	call, ok := err.(*ssa.Call)
	return ok && call.Call.IsInvoke() && lint.IsNamed(call.Call.Value.Type(), "context", "Context") && slices.Contains(origins(call.Call.Value), ctx)
}

// fails reports whether an error is that of a call which fails once a context has ended.
func fails(err ssa.Value, ctx any, depth int) bool {
	switch v := err.(type) {
	case *ssa.Call:
		return failsWith(v, ctx, depth)
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return ok && v.Index == call.Call.Signature().Results().Len()-1 && failsWith(call, ctx, depth)
	}
	return false
}

// afterEnd returns the blocks that can come behind a block, with it, once a context has ended.
func afterEnd(from *ssa.BasicBlock, ctx any, depth int) map[*ssa.BasicBlock]bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !seen[b] {
			seen[b] = true
			work = append(work, failing(b, ctx, depth)...)
		}
	}
	return seen
}

// failing returns where a block leads once a context has ended: what is given the context fails, but to
// make a request of it does not, which has been well before.
func failing(b *ssa.BasicBlock, ctx any, depth int) []*ssa.BasicBlock {
	br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return b.Succs
	}
	cmp, ok := br.Cond.(*ssa.BinOp)
	if !ok || !lazyssa.IsNil(cmp.Y) {
		return b.Succs
	}
	err, well := b.Succs[0], b.Succs[1]
	if cmp.Op == token.EQL {
		err, well = well, err
	}
	if x, ok := cmp.X.(*ssa.Extract); ok && makesRequest(x.Tuple) {
		return []*ssa.BasicBlock{well}
	}
	if fails(cmp.X, ctx, depth) {
		return []*ssa.BasicBlock{err}
	}
	return b.Succs
}

// goesOnFor reports whether a call is made again and again once the context has ended.
func goesOnFor(call *ssa.Call, ctx any) bool {
	again := false
	for b := range afterEnd(call.Block(), ctx, 3) {
		if leaves(b) {
			return false
		}
		again = again || slices.Contains(failing(b, ctx, 3), call.Block())
	}
	return again
}

// mayEnd reports whether somebody ends a context before the program ends: it has a cancel function or
// a deadline, or who calls an exported function gives it.
func (f *finder) mayEnd(ctx any, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := ctx.(type) {
	case *ssa.Extract:
		fn := lazyssa.Callee(v.Tuple.(*ssa.Call))
		return lint.IsCancelable(fn) || lint.IsFunc(fn, "golang.org/x/sync/errgroup", "WithContext")
	case *types.Var:
		for fa, use := range lazyssa.UsesOf(v, f.model.Funcs()) {
			if st, ok := use.(*ssa.Store); ok && st.Addr == fa {
				if slices.ContainsFunc(origins(st.Val), func(from any) bool { return f.mayEnd(from, depth-1) }) {
					return true
				}
			}
		}
	case *ssa.Parameter:
		fn := v.Parent()
		if obj := fn.Object(); obj != nil && obj.Exported() && f.pass.Pkg.Name() != "main" {
			return true
		}
		i := slices.Index(fn.Params, v)
		for _, site := range f.model.Sites(fn) {
			args := site.Common().Args
			if i < len(args) && slices.ContainsFunc(origins(args[i]), func(from any) bool { return f.mayEnd(from, depth-1) }) {
				return true
			}
		}
	}
	return false
}
