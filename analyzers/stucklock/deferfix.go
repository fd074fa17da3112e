package stucklock

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/syncmodel"
	"github.com/heapvet/heapvet/lint"
)

// deferFix unlocks by a defer behind the Lock, instead of by hand. It returns nil unless the
// lock is held to the end of the function anyway: every Unlock is the last thing before a
// return that calls nothing, and nothing else is deferred.
func (f *finder) deferFix(x *syncmodel.Left) []analysis.SuggestedFix {
	if !x.Sure {
		return nil
	}
	body := lint.Body(x.Fn.Syntax())
	if body == nil {
		return nil
	}
	d := &deferring{f: f, lock: x.Hold.At.Pos(), read: x.Hold.Read, body: body}
	for i, s := range body.List {
		if call := d.lockCall(s); call != nil && call.Lparen == d.lock {
			d.at, d.name = s, types.ExprString(call.Fun.(*ast.SelectorExpr).X)
			if i > 0 && f.pass.Fset.Position(body.List[i-1].End()).Line == f.pass.Fset.Position(s.Pos()).Line {
				return nil
			}
		}
	}
	if d.at == nil || !d.block(body.List, true) || d.bad || len(d.edits) == 0 {
		return nil
	}
	unlock := "Unlock"
	if d.read {
		unlock = "RUnlock"
	}
	indent := strings.Repeat("\t", f.pass.Fset.Position(d.at.Pos()).Column-1)
	text := "\n" + indent + "defer " + d.name + "." + unlock + "()"
	edits := append([]analysis.TextEdit{{Pos: d.at.End(), End: d.at.End(), NewText: []byte(text)}}, d.edits...)
	return []analysis.SuggestedFix{{Message: "unlock by defer", TextEdits: edits}}
}

// deferring looks at a function in which an Unlock is to be deferred.
type deferring struct {
	f     *finder
	lock  token.Pos // of the call of Lock: its parenthesis
	read  bool
	body  *ast.BlockStmt
	at    ast.Stmt // the Lock
	name  string   // of the lock
	edits []analysis.TextEdit
	bad   bool
}

// lockCall returns the call of a method of a lock that a statement consists of, or nil.
func (d *deferring) lockCall(s ast.Stmt) *ast.CallExpr {
	e, ok := s.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	call, ok := e.X.(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return nil
	}
	if _, ok := call.Fun.(*ast.SelectorExpr); !ok || baseOf(call.Fun) == nil {
		return nil
	}
	return call
}

// block looks at a list of statements; last says that the function ends behind it. It reports
// whether all is well there.
func (d *deferring) block(list []ast.Stmt, last bool) bool {
	for i, s := range list {
		if s == d.at {
			continue
		}
		end := last && i == len(list)-1
		if call := d.lockCall(s); call != nil && types.ExprString(call.Fun.(*ast.SelectorExpr).X) == d.name {
			if name := call.Fun.(*ast.SelectorExpr).Sel.Name; name != "Unlock" && name != "RUnlock" {
				return false
			}
			if !end && (i+1 == len(list) || !d.returnsAtOnce(list[i+1])) {
				return false
			}
			d.remove(list, i)
			continue
		}
		switch s := s.(type) {
		case *ast.BlockStmt:
			if !d.block(s.List, end) {
				return false
			}
		case *ast.IfStmt:
			if !d.conditional(s, end) {
				return false
			}
		default:
			if d.touches(s) {
				return false
			}
		}
	}
	return true
}

func (d *deferring) conditional(s *ast.IfStmt, end bool) bool {
	if s.Init != nil && d.touches(s.Init) || d.touches(s.Cond) || !d.block(s.Body.List, end) {
		return false
	}
	switch e := s.Else.(type) {
	case *ast.BlockStmt:
		return d.block(e.List, end)
	case *ast.IfStmt:
		return d.conditional(e, end)
	}
	return true
}

// touches reports whether there is a defer, a jump or another use of the lock somewhere in
// a statement.
func (d *deferring) touches(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt, *ast.LabeledStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok == token.GOTO
		case *ast.SelectorExpr:
			found = found || types.ExprString(n) == d.name || types.ExprString(n.X) == d.name && lint.IsMethod(d.f.pass.TypesInfo.ObjectOf(n.Sel), "sync", "Mutex", "Lock", "Unlock", "TryLock") ||
				types.ExprString(n.X) == d.name && lint.IsMethod(d.f.pass.TypesInfo.ObjectOf(n.Sel), "sync", "RWMutex", "Lock", "Unlock", "RLock", "RUnlock", "TryLock", "TryRLock")
		}
		return !found
	})
	return found
}

// returnsAtOnce reports whether a statement is a return that calls nothing but what the
// language has built in.
func (d *deferring) returnsAtOnce(s ast.Stmt) bool {
	ret, ok := s.(*ast.ReturnStmt)
	if !ok {
		return false
	}
	calls := false
	ast.Inspect(ret, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			_, builtin := typeutil.Callee(d.f.pass.TypesInfo, n).(*types.Builtin)
			calls = calls || !builtin && !d.f.pass.TypesInfo.Types[n.Fun].IsType()
		case *ast.UnaryExpr:
			calls = calls || n.Op == token.ARROW
		case *ast.FuncLit:
			return false
		}
		return !calls
	})
	return !calls
}

// remove deletes a statement with the line that it stands on.
func (d *deferring) remove(list []ast.Stmt, i int) {
	from := d.f.pass.Fset.Position(list[i].Pos())
	file := d.f.pass.Fset.File(list[i].Pos())
	if from.Line >= file.LineCount() || d.f.pass.Fset.Position(list[i].End()).Line != from.Line {
		d.bad = true
		return
	}
	for j, other := range list { // it has the line to itself
		if j != i && (d.f.pass.Fset.Position(other.Pos()).Line == from.Line || d.f.pass.Fset.Position(other.End()).Line == from.Line) {
			d.bad = true
			return
		}
	}
	for _, group := range lint.FileOf(d.f.pass, list[i].Pos()).Comments {
		for _, c := range group.List {
			if d.f.pass.Fset.Position(c.Pos()).Line == from.Line {
				d.bad = true
				return
			}
		}
	}
	start, end := file.LineStart(from.Line), file.LineStart(from.Line+1)
	if d.f.pass.Fset.Position(d.body.Lbrace).Line == from.Line || d.f.pass.Fset.Position(d.body.Rbrace).Line == from.Line {
		d.bad = true
		return
	}
	d.edits = append(d.edits, analysis.TextEdit{Pos: start, End: end})
}
