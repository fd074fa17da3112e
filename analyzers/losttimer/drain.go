package losttimer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// drains reports timers that are drained although they may have been.
func (f *finder) drains() {
	in := f.pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for n := range in.PreorderSeq((*ast.ForStmt)(nil)) {
		f.drainIn(n.(*ast.ForStmt))
	}
}

// drainIn reports, in a loop around a select,
//
//	case <-t.C:            // does not restart the timer
//	case <-other:
//		if !t.Stop() {
//			<-t.C          // empty if the first case has been taken
//		}
func (f *finder) drainIn(loop *ast.ForStmt) {
	for _, stmt := range loop.Body.List {
		sel, ok := stmt.(*ast.SelectStmt)
		if !ok {
			continue
		}
		fired := make(map[string]bool) // timers that a case leaves consumed
		for _, s := range sel.Body.List {
			c := s.(*ast.CommClause)
			if t := f.timerOf(c.Comm); t != "" && !f.restarts(c.Body, t) {
				fired[t] = true
			}
		}
		if len(fired) == 0 {
			continue
		}
		for _, s := range sel.Body.List {
			for _, stmt := range s.(*ast.CommClause).Body {
				ifs, ok := stmt.(*ast.IfStmt)
				if !ok || ifs.Init != nil || ifs.Else != nil || len(ifs.Body.List) != 1 {
					continue
				}
				t := f.timerOf(ifs.Body.List[0])
				if t == "" || !fired[t] || !f.notStopped(ifs.Cond, t) {
					continue
				}
				recv := ifs.Body.List[0]
				f.pass.Report(analysis.Diagnostic{Pos: recv.Pos(), End: recv.End(), Category: stopDrain,
					Message: fmt.Sprintf("this receive blocks forever when another case of the select at %s has taken the value of %s.C before: Stop returns false then, too", f.line(sel.Pos()), t)})
			}
		}
	}
}

// timerOf returns T for the statement <-T.C of a time.Timer, or "".
func (f *finder) timerOf(stmt ast.Stmt) string {
	var x ast.Expr
	switch s := stmt.(type) {
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		if len(s.Rhs) == 1 {
			x = s.Rhs[0]
		}
	}
	recv, ok := x.(*ast.UnaryExpr)
	if !ok || recv.Op != token.ARROW {
		return ""
	}
	sel, ok := ast.Unparen(recv.X).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "C" || !lint.IsNamed(lint.Deref(f.pass.TypesInfo.TypeOf(sel.X)), "time", "Timer") {
		return ""
	}
	return types.ExprString(sel.X)
}

// notStopped reports whether a condition is !T.Stop().
func (f *finder) notStopped(cond ast.Expr, timer string) bool {
	not, ok := ast.Unparen(cond).(*ast.UnaryExpr)
	if !ok || not.Op != token.NOT {
		return false
	}
	call, ok := ast.Unparen(not.X).(*ast.CallExpr)
	if !ok || !lint.IsMethod(typeutil.Callee(f.pass.TypesInfo, call), "time", "Timer", "Stop") {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && types.ExprString(sel.X) == timer
}

// restarts reports whether a case may start the timer again, replace it, note that
// it has fired, or leave the loop. Any assignment or call is taken for it: only a
// case that does nothing of the kind is sure to leave the timer consumed.
func (f *finder) restarts(body []ast.Stmt, timer string) (found bool) {
	for _, s := range body {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ReturnStmt, *ast.AssignStmt, *ast.IncDecStmt:
				found = true
			case *ast.BranchStmt:
				found = found || n.Tok != token.CONTINUE
			case *ast.CallExpr:
				found = true
			}
			return !found
		})
	}
	return found
}
