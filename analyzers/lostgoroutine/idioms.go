package lostgoroutine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// idioms reports mistakes that can be told from a few lines.
func (f *finder) idioms() {
	for _, fn := range f.model.Funcs() {
		spawned := f.spawned(fn)
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch v := instr.(type) {
				case *ssa.UnOp:
					if v.Op == token.ARROW && isNil(v.X) {
						f.report(v, nilChannel, fmt.Sprintf("this receive blocks forever: %s is always nil", f.operand(v, token.NoPos)))
					}
				case *ssa.Send:
					if isNil(v.Chan) {
						f.report(v, nilChannel, fmt.Sprintf("this send blocks forever: %s is always nil", f.operand(v, token.NoPos)))
					}
				case *ssa.Select:
					if len(v.States) == 0 && v.Blocking && spawned && (f.all || !lint.IsTest(f.pass, v.Pos())) {
						f.report(v, noExit, "this select without cases blocks its goroutine forever")
					}
				case *ssa.Call:
					if lint.IsMethod(callee(v), "sync", "Cond", "Wait") {
						f.condWait(fn, v)
					}
				}
			}
		}
	}
	in := f.pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for n := range in.PreorderSeq((*ast.ForStmt)(nil)) {
		f.timerDrain(n.(*ast.ForStmt))
	}
}

func callee(call *ssa.Call) types.Object {
	if fn := call.Call.StaticCallee(); fn != nil {
		return fn.Object()
	}
	return nil
}

func isNil(v ssa.Value) bool {
	for {
		c, ok := v.(*ssa.ChangeType)
		if !ok {
			break
		}
		v = c.X
	}
	switch v := v.(type) {
	case *ssa.Const:
		return v.Value == nil
	case *ssa.UnOp:
		return v.Op == token.MUL && syncmodel.NeverAssigned(v.X)
	}
	return false
}

// spawned reports whether fn is a function literal of a go statement that is not
// part of the start of a program.
func (f *finder) spawned(fn *ssa.Function) bool {
	parent := fn.Parent()
	if parent == nil || f.ends(parent) {
		return false
	}
	for _, b := range parent.Blocks {
		for _, instr := range b.Instrs {
			if g, ok := instr.(*ssa.Go); ok && g.Call.StaticCallee() == fn {
				return true
			}
		}
	}
	return false
}

// condWait reports a Wait in a function literal that neither holds the lock, as far
// as it shows, nor looks at the condition: as a goroutine or callback it unlocks
// what somebody else has locked, and a signal that came before is lost.
func (f *finder) condWait(fn *ssa.Function, wait *ssa.Call) {
	if fn.Parent() == nil {
		return
	}
	for _, b := range fn.Blocks {
		for _, succ := range b.Succs {
			if succ.Dominates(b) {
				return // a loop
			}
		}
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || call == wait {
				continue
			}
			if c := call.Common(); c.IsInvoke() || c.StaticCallee() == nil || c.StaticCallee().Name() == "Lock" {
				return
			}
		}
	}
	f.report(wait, condition, fmt.Sprintf("this Wait may miss its signal and block forever: the function literal neither locks %s.L nor checks a condition in a loop", f.operand(wait, token.NoPos)))
}

// timerDrain reports, in a loop around a select,
//
//	case <-t.C:            // does not restart the timer
//	case <-other:
//		if !t.Stop() {
//			<-t.C          // empty if the first case has been taken
//		}
func (f *finder) timerDrain(loop *ast.ForStmt) {
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
				f.reportAt(recv.Pos(), recv.End(), timerDrain, fmt.Sprintf("this receive blocks forever when another case of the select at %s has taken the value of %s.C before: Stop returns false then, too", f.line(sel.Pos()), t))
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
