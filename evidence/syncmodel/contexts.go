package syncmodel

import (
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/lint"
)

// Contexts of the abstract machine. Only those that are cancelled by nobody but their
// owner are known: their end is an object like a channel that is closed.
type (
	ctxValue    struct{ done *Object } // done is nil if it never ends
	cancelValue struct{ done *Object }
)

// context runs the functions of package context that make contexts whose end is known.
func (e *explorer) context(p *path, call ssa.CallInstruction, fn *ssa.Function, args []value) bool {
	v := call.Value()
	switch {
	case v == nil:
		return false
	case lint.IsEndlessContext(fn.Object()):
		p.top().set(v, ctxValue{})
	case lint.IsFunc(fn.Object(), "context", "WithValue"):
		ctx, ok := args[0].(ctxValue)
		if !ok {
			return false
		}
		e.escape(p, tuple(args[1:]))
		p.top().set(v, ctx)
	case lint.IsFunc(fn.Object(), "context", "WithCancel", "WithCancelCause"):
		if parent, ok := args[0].(ctxValue); !ok || parent.done != nil {
			return false
		}
		done := &Object{Site: call}
		p.top().set(v, tuple{ctxValue{done}, cancelValue{done}})
	default:
		return false
	}
	return true
}

// doneOf runs ctx.Done() of a known context.
func (p *path) doneOf(call ssa.CallInstruction) {
	c := call.Common()
	ctx, ok := p.eval(c.Value).(ctxValue)
	if !ok || c.Method.Name() != "Done" || call.Value() == nil {
		return
	}
	if ctx.done == nil {
		p.top().set(call.Value(), nilValue{})
	} else {
		p.top().set(call.Value(), ctx.done)
	}
}

// IsContext reports whether an object is the end of a context.
func (o *Object) IsContext() bool {
	call, ok := o.Site.(*ssa.Call)
	return ok && call.Call.StaticCallee() != nil && lint.IsFunc(call.Call.StaticCallee().Object(), "context", "WithCancel", "WithCancelCause")
}
