package losttimer

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// afterFunc reports a receive from the channel of a timer that calls a function: it is nil.
func (f *finder) afterFunc(recv *ssa.UnOp) {
	if recv.Op != token.ARROW {
		return
	}
	t := timerOf(recv.X)
	expr := f.recvs[recv.Pos()]
	if t == nil || expr == nil || f.tests.Has(recv.Pos()) && !f.all {
		return
	}
	made := f.afterFuncOf(t)
	if made == nil {
		return
	}
	d := analysis.Diagnostic{
		Pos:      expr.Pos(),
		End:      expr.End(),
		Category: stopDrain,
		Message:  fmt.Sprintf("this receive blocks forever: the timer comes from AfterFunc at %s, which calls a function, and %s is nil", f.line(made.Pos()), lint.Text(expr.X)),
		Related:  []analysis.RelatedInformation{{Pos: made.Pos(), Message: "the timer is made here"}},
	}
	if fix := f.dropDrain(expr); fix != nil {
		d.SuggestedFixes = []analysis.SuggestedFix{*fix}
	}
	f.pass.Report(d)
}

// afterFuncOf returns a call of time.AfterFunc that makes a timer, if it can come from nothing else.
func (f *finder) afterFuncOf(t ssa.Value) *ssa.Call {
	if call, ok := t.(*ssa.Call); ok {
		if lint.IsFunc(lazyssa.Callee(call), "time", "AfterFunc") {
			return call
		}
		return nil
	}
	if x, ok := t.(*ssa.UnOp); ok && x.Op == token.MUL {
		if a := lazyssa.Variable(x.X); a != nil {
			stores, ok := lazyssa.StoresTo(a)
			if !ok {
				return nil
			}
			return onlyAfterFunc(stores)
		}
	}
	field := fieldOf(t)
	if field == nil || field.Exported() || field.Pkg() != f.pass.Pkg {
		return nil
	}
	var stores []*ssa.Store
	for fa, use := range f.ssa.UsesOf(field) {
		switch use := use.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if use.Addr != fa {
				return nil
			}
			stores = append(stores, use)
		default:
			return nil // who has the address may put any timer there
		}
	}
	return onlyAfterFunc(stores)
}

// onlyAfterFunc returns a call of time.AfterFunc whose timer is stored, if nothing else is.
func onlyAfterFunc(stores []*ssa.Store) (made *ssa.Call) {
	for _, st := range stores {
		if lazyssa.IsZero(st.Val) {
			continue
		}
		call, ok := st.Val.(*ssa.Call)
		if !ok || !lint.IsFunc(lazyssa.Callee(call), "time", "AfterFunc") {
			return nil
		}
		made = call
	}
	return made
}
