package stucklock

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// readersMeet says why to read twice is a mistake.
const readersMeet = "; a Lock that waits in between makes both wait for ever"

// calledBack reports literals that are given to a method of another package which calls them
// with a lock of its object held, and that call a method of the same object which takes it.
func calledBack(pass *analysis.Pass) {
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for n := range in.PreorderSeq((*ast.CallExpr)(nil)) {
		call := n.(*ast.CallExpr)
		if !slices.ContainsFunc(call.Args, isLiteral) {
			continue
		}
		fn, object := method(pass, call)
		if fn == nil {
			continue
		}
		e := syncmodel.EffectOf(pass, fn)
		if e == nil {
			continue
		}
		for _, r := range e.Runs {
			if i := r.Param - 1; i >= 0 && i < len(call.Args) && isLiteral(call.Args[i]) {
				takenAgain(pass, fn, object, r, ast.Unparen(call.Args[i]).(*ast.FuncLit))
			}
		}
	}
}

func isLiteral(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.FuncLit)
	return ok
}

// method returns the method that a call is of, with its object as far as the source names it
// by a variable and fields.
func method(pass *analysis.Pass, call *ast.CallExpr) (*types.Func, ast.Expr) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil, nil
	}
	fn, ok := pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Signature().Recv() == nil || root(pass, sel.X) == nil {
		return nil, nil
	}
	return fn, sel.X
}

// sameReceiver reports whether two methods are of one type: neither is promoted from a field.
func sameReceiver(a, b *types.Func) bool {
	of := func(fn *types.Func) *types.TypeName {
		if named, ok := types.Unalias(lint.Deref(fn.Signature().Recv().Type())).(*types.Named); ok {
			return named.Origin().Obj()
		}
		return nil
	}
	return of(a) == of(b)
}

// root returns the variable that a chain of fields begins with, or nil.
func root(pass *analysis.Pass, e ast.Expr) types.Object {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			v, _ := pass.TypesInfo.Uses[x].(*types.Var)
			if v == nil {
				return nil
			}
			return v
		case *ast.SelectorExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// takenAgain reports the calls in a literal that take the lock which is held when it is called.
func takenAgain(pass *analysis.Pass, by *types.Func, object ast.Expr, r syncmodel.LockRun, lit *ast.FuncLit) {
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt:
			return false // later, perhaps
		case *ast.CallExpr:
			fn, x := method(pass, n)
			if fn == nil || root(pass, x) != root(pass, object) || types.ExprString(x) != types.ExprString(object) || !sameReceiver(fn, by) {
				break
			}
			e := syncmodel.EffectOf(pass, fn)
			if e == nil {
				break
			}
			for _, t := range e.Takes {
				if t.Path != r.Path || r.Read && t.Read && !t.Written {
					continue
				}
				what, category, end := "held", doubleLock, ": it waits for ever"
				if r.Read {
					what = "read-locked"
				}
				if r.Read && t.Read {
					category, end = recursiveRLock, readersMeet
				}
				pass.Report(analysis.Diagnostic{Pos: n.Pos(), End: n.End(), Category: category,
					Message: fmt.Sprintf("this call of %s takes %s.%s, which %s has %s when it calls the function that it is given%s",
						fn.Name(), types.ExprString(object), strings.ReplaceAll(r.Path, ".*", ""), by.Name(), what, end)})
				break
			}
		}
		return true
	})
}
