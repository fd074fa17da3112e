package prealloc

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// asks understands a call that asks how many there are of something: a method Len or
// Num… without arguments, or a count of runes.
func (l *loop) asks(e ast.Expr) (bound, bool) {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return bound{}, false
	}
	fn, ok := typeutil.Callee(l.info, call).(*types.Func)
	if !ok || !isInt(l.info.TypeOf(e)) {
		return bound{}, false
	}
	b := bound{text: types.ExprString(e), n: -1, atom: true, plain: true, call: true}
	b.safe = b.text
	if lint.IsFunc(fn, "unicode/utf8", "RuneCount", "RuneCountInString") {
		b.call = false
		return b, l.pure(call.Args[0], &b)
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(call.Args) > 0 || fn.Signature().Recv() == nil || fn.Name() != "Len" && !strings.HasPrefix(fn.Name(), "Num") {
		return bound{}, false
	}
	b.plain = false
	return b, l.pure(sel.X, &b)
}

// smaller returns the bound of a loop that goes on while two conditions hold, each of
// which would be a bound.
func (l *loop) smaller(stmt *ast.ForStmt, both *ast.BinaryExpr) (bound, bool) {
	x, y := *stmt, *stmt
	x.Cond, y.Cond = ast.Unparen(both.X), ast.Unparen(both.Y)
	a, ok1 := l.forBound(&x)
	b, ok2 := l.forBound(&y)
	if !ok1 || !ok2 || !l.builtin("min") {
		return bound{}, false
	}
	least := bound{n: -1, atom: true, plain: true}
	least.text = "min(" + a.text + ", " + b.text + ")"
	least.safe = "min(" + a.safe + ", " + b.safe + ")"
	least.reads(a)
	least.reads(b)
	return least, true
}

// stride returns the expression that the statement adds to i, if it is not constant.
func (l *loop) stride(post ast.Stmt, i *types.Var) ast.Expr {
	add, ok := post.(*ast.AssignStmt)
	if !ok || add.Tok != token.ADD_ASSIGN || len(add.Lhs) != 1 || l.info.Types[add.Rhs[0]].Value != nil {
		return nil
	}
	if v, field := resolve(l.info, add.Lhs[0]); v != i || field != nil {
		return nil
	}
	return add.Rhs[0]
}

// strides returns the bound (limit - start + by - 1) / by.
func (l *loop) strides(limit, start, by ast.Expr) (bound, bool) {
	b, ok := l.difference(limit, 0, 1, start)
	step := bound{text: types.ExprString(by), n: -1, atom: true, plain: true}
	if !ok || !isInt(l.info.TypeOf(by)) || !l.pure(by, &step) {
		return bound{}, false
	}
	if _, isBinary := ast.Unparen(by).(*ast.BinaryExpr); isBinary {
		step.atom = false
	}
	q := bound{n: -1, plain: true}
	q.text = fmt.Sprintf("(%s+%s-1)/%s", b.text, step.operand(), step.operand())
	q.safe = fmt.Sprintf("(%s+%s-1)/%s", b.safe, step.operand(), step.operand())
	q.reads(b)
	q.reads(step)
	known, ok := l.sum(by)
	known.c--
	q.unsafe = !ok || !l.proves(known)
	return q, true
}
