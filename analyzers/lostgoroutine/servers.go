package lostgoroutine

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// servesOn reports whether the stuck goroutine would send what its server has returned, in a function
// that waits for the first of its servers to fail, with no means to end the others: they go on
// serving until the process ends, and do not come to the send.
func (f *finder) servesOn(l *syncmodel.Lost) bool {
	class := f.model.ClassOf(l.Obj.Site.(ssa.Value))
	serves := false
	for _, op := range class.Ops() {
		send, ok := op.Instr.(*ssa.Send)
		switch {
		case op.Select != nil:
			return false
		case ok && op.Fn == l.At.Instr.Parent():
			call, ok := send.X.(*ssa.Call)
			serves = serves || ok && isServe(call)
		}
	}
	return serves && !endsSome(l.Root)
}

// isServe reports whether a call is, by its name, of a server that goes on until it is closed.
func isServe(call *ssa.Call) bool {
	fn := lazyssa.Callee(call)
	return fn != nil && slices.ContainsFunc([]string{"Serve", "ServeTLS", "ListenAndServe", "ListenAndServeTLS"}, func(name string) bool {
		return strings.EqualFold(fn.Name(), name)
	})
}

// endsSome reports whether a function is given a context, or ends something, itself or in its literals.
func endsSome(fn *ssa.Function) bool {
	if slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return lint.IsNamed(p.Type(), "context", "Context") }) {
		return true
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if callee := lazyssa.Callee(call); callee != nil && slices.Contains([]string{"Close", "Stop", "GracefulStop", "Shutdown"}, callee.Name()) {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, endsSome)
}
