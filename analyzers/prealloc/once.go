package prealloc

import (
	"go/ast"
	"go/constant"
	"go/types"

	"github.com/heapvet/heapvet/lint"
)

// lengthOnce is like length, of something that is evaluated once: it may be a call.
func (l *loop) lengthOnce(x ast.Expr) (bound, bool) {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return l.length(x)
	}
	if b, ok := l.length(x); ok {
		return b, true
	}
	switch l.info.TypeOf(x).Underlying().(type) {
	case *types.Slice, *types.Map:
	default:
		return bound{}, false
	}
	if _, ok := l.info.TypeOf(call.Fun).(*types.Signature); !ok || l.info.Types[call.Fun].IsType() || !l.builtin("len") {
		return bound{}, false
	}
	text := "len(" + types.ExprString(x) + ")"
	return bound{text: text, safe: text, n: -1, atom: true, src: x, call: true}, true
}

// cut returns the constant length of a slice expression: x[2:5], and array[:] too.
func (l *loop) cut(x ast.Expr) (n int64, ok bool) {
	e, ok := x.(*ast.SliceExpr)
	if !ok {
		return 0, false
	}
	var low, high int64
	if e.Low != nil {
		if low, ok = constant.Int64Val(l.constant(e.Low)); !ok {
			return 0, false
		}
	}
	if e.High != nil {
		high, ok = constant.Int64Val(l.constant(e.High))
		return high - low, ok && high >= low
	}
	a, ok := under(lint.Deref(l.info.TypeOf(e.X))).(*types.Array)
	if !ok {
		return 0, false
	}
	return a.Len() - low, a.Len() >= low
}
