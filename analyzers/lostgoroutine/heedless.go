package lostgoroutine

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
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
	return failsWith(call, ctx, 3) && repeats(call, failsBy(ctx, 3)) && f.mayEnd(ctx, 3)
}

// outliving reports loops that try on though the object has ended for which their goroutine works: nothing but
// the success of what is tried leaves them, while elsewhere the goroutine does look at that end.
func (f *finder) outliving() {
	for _, fn := range f.model.Funcs() {
		if f.ends(fn) || f.tests.Has(fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				g, ok := instr.(*ssa.Go)
				if !ok || g.Call.StaticCallee() == nil {
					continue
				}
				runs := calledFrom(g.Call.StaticCallee(), 2)
				ender := f.model.EnderFor(g)
				if ender == nil || !slices.ContainsFunc(runs, func(fn *ssa.Function) bool { return f.loads(fn, ender.Field) }) {
					continue
				}
				for _, fn := range runs {
					if call := triesOn(fn); call != nil {
						f.report(call, noExit, fmt.Sprintf("this loop does not end with %s, which %s: as long as %s fails it tries again, and nothing but its success leaves the loop",
							ender.Method.Name(), closes(ender), lint.Spelled(lint.CallAt(f.pass, call.Pos()))),
							analysis.RelatedInformation{Pos: ender.Method.Pos(), Message: "this does not end it"},
							analysis.RelatedInformation{Pos: g.Pos(), Message: "the goroutine is started here"})
					}
				}
			}
		}
	}
}

// calledFrom returns a function and those of the package that it calls, by way of so many others.
func calledFrom(fn *ssa.Function, depth int) []*ssa.Function {
	fns := []*ssa.Function{fn}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || depth == 0 || call.Call.StaticCallee() == nil || call.Call.StaticCallee().Pkg != fn.Pkg || call.Call.StaticCallee() == fn {
				continue
			}
			for _, callee := range calledFrom(call.Call.StaticCallee(), depth-1) {
				if !slices.Contains(fns, callee) {
					fns = append(fns, callee)
				}
			}
		}
	}
	return fns
}

// loads reports whether a function reads a field.
func (f *finder) loads(fn *ssa.Function, field *types.Var) bool {
	for _, use := range f.model.UsesOf(field) {
		if _, load := use.(*ssa.UnOp); load && use.Parent() == fn {
			return true
		}
	}
	return false
}

// triesOn returns a call of something outside of the package that a function makes again after a while, as long
// as it fails, whatever else has happened; nil if there is none.
func triesOn(fn *ssa.Function) *ssa.Call {
	sleeps := slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return lazyssa.Reaches(b, b) && slices.ContainsFunc(b.Instrs, isSleep)
	})
	if !sleeps {
		return nil
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			callee, results := call.Call.StaticCallee(), call.Call.Signature().Results()
			if results.Len() < 2 || !lint.IsError(results.At(results.Len()-1).Type()) || callee != nil && callee.Blocks != nil {
				continue
			}
			if repeats(call, func(err ssa.Value) bool {
				x, ok := err.(*ssa.Extract)
				return ok && x.Tuple == call && x.Index == results.Len()-1
			}) {
				return call
			}
		}
	}
	return nil
}

// isSleep reports whether an instruction waits for the clock and nothing else.
func isSleep(instr ssa.Instruction) bool {
	switch v := instr.(type) {
	case *ssa.Call:
		return lint.IsFunc(lazyssa.Callee(v), "time", "Sleep")
	case *ssa.UnOp:
		return v.Op == token.ARROW && isClock(v.X)
	}
	return false
}

// A failure tells whether an error is one, under what is supposed.
type failure func(err ssa.Value) bool

// failsBy supposes that a context has ended.
func failsBy(ctx any, depth int) failure {
	return func(err ssa.Value) bool { return fails(err, ctx, depth) }
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
	for b := range after(fn.Blocks[0], failsBy(ctx, depth)) {
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

// after returns the blocks that can come behind a block, with it, when calls fail.
func after(from *ssa.BasicBlock, fails failure) map[*ssa.BasicBlock]bool {
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !seen[b] {
			seen[b] = true
			work = append(work, fails.next(b)...)
		}
	}
	return seen
}

// next returns where a block leads when calls fail; to make a request does not, which has been well before.
func (fails failure) next(b *ssa.BasicBlock) []*ssa.BasicBlock {
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
	if fails(cmp.X) {
		return []*ssa.BasicBlock{err}
	}
	return b.Succs
}

// repeats reports whether a call is made again and again when calls fail.
func repeats(call *ssa.Call, fails failure) bool {
	again := false
	for b := range after(call.Block(), fails) {
		if leaves(b) {
			return false
		}
		again = again || slices.Contains(fails.next(b), call.Block())
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
		for fa, use := range f.model.UsesOf(v) {
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
