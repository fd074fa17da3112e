package rebuilt

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// compresses reports whether the function around cur compresses a text that it is given, as a whole: what the call at
// cur makes is written a parameter and closed, and what comes out goes to a buffer of the function's own. Such a
// function is made for each of many texts.
func (r *pass) compresses(cur inspector.Cursor, call *ast.CallExpr) bool {
	v := r.variable(cur)
	if v == nil || len(call.Args) == 0 || !r.isBuffer(call.Args[0]) {
		return false
	}
	written, closed := false, false
	return r.each(cur, v, func(use inspector.Cursor) bool {
		switch use.ParentEdgeKind() {
		case edge.SelectorExpr_X:
			sel := use.Parent()
			if sel.ParentEdgeKind() != edge.CallExpr_Fun {
				return false
			}
			args := sel.Parent().Node().(*ast.CallExpr).Args
			switch sel.Node().(*ast.SelectorExpr).Sel.Name {
			case "Write":
				written = written || r.isText(args[0])
			case "Close":
				closed = true
			}
			return true
		case edge.CallExpr_Args:
			to := use.Parent().Node().(*ast.CallExpr)
			if !lint.IsFunc(typeutil.Callee(r.TypesInfo, to), "io", "WriteString") || use.ParentEdgeIndex() != 0 {
				return false
			}
			written = written || r.isText(to.Args[1])
			return true
		}
		return false
	}) && written && closed
}

// isBuffer reports whether an expression is a local bytes.Buffer, or its address.
func (r *pass) isBuffer(e ast.Expr) bool {
	if addr, ok := ast.Unparen(e).(*ast.UnaryExpr); ok {
		e = addr.X
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := r.TypesInfo.Uses[id].(*types.Var)
	return ok && v.Kind() == types.LocalVar && lint.IsNamed(lint.Deref(v.Type()), "bytes", "Buffer")
}

// isText reports whether an expression is a string or bytes that a function is given.
func (r *pass) isText(e ast.Expr) bool {
	e = ast.Unparen(e)
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 1 && r.TypesInfo.Types[call.Fun].IsType() {
		e = ast.Unparen(call.Args[0])
	}
	t := r.TypesInfo.TypeOf(e)
	return t != nil && (lint.IsString(t) || lint.IsBytes(t)) && r.paramIndex(e) >= 0
}
