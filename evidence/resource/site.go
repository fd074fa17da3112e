package resource

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A Site is where a resource is acquired, in the source.
type Site struct {
	Call *ast.CallExpr
	Name string // of the variable that gets the resource, "" if there is none
	Loop bool   // a loop repeats the call
	// Outer reports whether the variable is declared outside the innermost loop.
	Outer bool
	// Insert is where a deferred call fits in: behind the check of the error. It is
	// not valid if the source has no such place.
	Insert token.Pos
	Indent string
}

// Site returns where q is acquired, or nil if the source does not show it.
func (q *Acquired) Site(pass *analysis.Pass) *Site {
	path := lint.Enclosing(pass, q.Call.Pos())
	s := new(Site)
	for i, n := range path {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s.Call == nil && n.Lparen == q.Call.Pos() {
				s.Call = n
				s.assigned(pass, q, path[i+1:])
			}
		case *ast.ForStmt, *ast.RangeStmt:
			s.Loop = s.Loop || s.Call != nil
		case *ast.FuncDecl, *ast.FuncLit:
			if s.Call == nil {
				return nil
			}
			return s
		}
	}
	return nil
}

// assigned looks at the statement around the call.
func (s *Site) assigned(pass *analysis.Pass, q *Acquired, path []ast.Node) {
	if q.Index < 0 {
		if len(s.Call.Args) > 0 {
			s.Name = lint.Text(s.Call.Args[0])
		}
	} else if len(path) > 0 {
		var target ast.Expr
		switch n := path[0].(type) {
		case *ast.AssignStmt:
			if len(n.Rhs) == 1 && n.Rhs[0] == ast.Expr(s.Call) && q.Index < len(n.Lhs) {
				target = n.Lhs[q.Index]
			}
		case *ast.ValueSpec:
			if len(n.Values) == 1 && n.Values[0] == ast.Expr(s.Call) && q.Index < len(n.Names) {
				target = n.Names[q.Index]
			}
		}
		if target == nil {
			return
		}
		if id, ok := target.(*ast.Ident); !ok || id.Name != "_" {
			s.Name = lint.Text(target)
		}
		s.declared(pass, target, path)
	}
	for i := 0; i+1 < len(path) && i < 2; i++ {
		stmt, isStmt := path[i].(ast.Stmt)
		list := lint.Statements(path[i+1])
		if isStmt && list != nil {
			s.place(pass, stmt, list)
			return
		}
	}
}

// declared finds out whether the variable outlives one round of the loop.
func (s *Site) declared(pass *analysis.Pass, target ast.Expr, path []ast.Node) {
	id, ok := target.(*ast.Ident)
	if !ok {
		s.Outer = true
		return
	}
	obj := pass.TypesInfo.ObjectOf(id)
	for _, n := range path {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			s.Outer = obj != nil && !(n.Pos() <= obj.Pos() && obj.Pos() < n.End())
			return
		case *ast.FuncDecl, *ast.FuncLit:
			return
		}
	}
}

// place finds the end of the check of the error behind a statement.
func (s *Site) place(pass *analysis.Pass, stmt ast.Stmt, list []ast.Stmt) {
	s.Indent = strings.Repeat("\t", pass.Fset.PositionFor(stmt.Pos(), false).Column-1)
	for i, other := range list {
		if other != stmt {
			continue
		}
		s.Insert = stmt.End()
		results := pass.TypesInfo.TypeOf(s.Call)
		if results == nil || !strings.Contains(results.String(), "error") {
			return
		}
		s.Insert = token.NoPos
		if i+1 >= len(list) {
			return
		}
		check, ok := list[i+1].(*ast.IfStmt)
		if !ok || check.Init != nil || check.Else != nil || len(check.Body.List) == 0 {
			return
		}
		cond, ok := check.Cond.(*ast.BinaryExpr)
		if !ok || cond.Op != token.NEQ || !lint.IsError(pass.TypesInfo.TypeOf(cond.X)) {
			return
		}
		switch last := check.Body.List[len(check.Body.List)-1].(type) {
		case *ast.ReturnStmt:
			s.Insert = check.End()
		case *ast.ExprStmt:
			if call, ok := last.X.(*ast.CallExpr); ok && neverReturns(pass, call) {
				s.Insert = check.End()
			}
		case *ast.BranchStmt:
			if last.Tok != token.FALLTHROUGH {
				s.Insert = check.End()
			}
		}
	}
}

// neverReturns reports whether control does not come back from a call.
func neverReturns(pass *analysis.Pass, call *ast.CallExpr) bool {
	switch obj := typeutil.Callee(pass.TypesInfo, call).(type) {
	case *types.Builtin:
		return obj.Name() == "panic"
	case *types.Func:
		return lazyssa.NeverReturns(obj)
	}
	return false
}

// Defer offers a deferred call at the place for it. It returns nil unless nothing else
// releases the resource, or may, and nothing repeats the place.
func (s *Site) Defer(pass *analysis.Pass, q *Acquired, call string) []analysis.SuggestedFix {
	if s.Name == "" || s.Loop || !s.Insert.IsValid() || q.Released || q.HandedOn || strings.HasSuffix(s.Name, "...") {
		return nil
	}
	at := s.Insert
	if f := pass.Fset.File(at); f.Line(at) < f.LineCount() {
		at = f.LineStart(f.Line(at)+1) - 1 // behind the comment of the line
	}
	return []analysis.SuggestedFix{{
		Message: "add defer " + call,
		TextEdits: []analysis.TextEdit{{
			Pos: at, End: at,
			NewText: []byte("\n" + s.Indent + "defer " + call),
		}},
	}}
}

// Where says, at the end of a sentence, which path loses the resource.
func (l *Loss) Where(pass *analysis.Pass) string {
	if l.Return != nil && l.Return.Pos().IsValid() {
		return fmt.Sprintf("on the path that returns at line %d", pass.Fset.Position(l.Return.Pos()).Line)
	}
	return "on some path to the end of the function"
}

// Related points to where the path ends.
func (l *Loss) Related(pass *analysis.Pass) []analysis.RelatedInformation {
	if l.Return == nil || !l.Return.Pos().IsValid() {
		return nil
	}
	return []analysis.RelatedInformation{{Pos: l.Return.Pos(), End: l.Return.Pos() + token.Pos(len("return")), Message: "it is still open here"}}
}

// EndsProcess reports whether the return of the function ends the process, or the
// function runs as the program starts and is not worth a word.
func (q *Acquired) EndsProcess() bool {
	fn := q.Fn
	return fn.Parent() == nil && fn.Signature.Recv() == nil && (fn.Name() == "main" || strings.HasPrefix(fn.Name(), "init#"))
}

// InBody reports whether a Body is closed by way of a field Body of what is acquired, as that of
// a *http.Response, or of a struct that embeds one, is.
func (q *Acquired) InBody() bool {
	if q.Index < 0 {
		return false
	}
	t := q.Call.Call.Signature().Results().At(q.Index).Type()
	if hasMethod(t, "Close") {
		return false
	}
	field, _, _ := types.LookupFieldOrMethod(t, true, nil, "Body")
	v, ok := field.(*types.Var)
	return ok && hasMethod(v.Type(), "Close")
}

// Unmap returns the call that unmaps a region, with %s for its name.
func (q *Acquired) Unmap() string {
	callee := q.Call.Call.StaticCallee()
	switch {
	case callee == nil || callee.Object() == nil:
		return ""
	case lint.IsFunc(callee.Object(), "syscall", "Mmap"):
		return "syscall.Munmap(%s)"
	case lint.IsFunc(callee.Object(), "golang.org/x/sys/unix", "Mmap"):
		return "unix.Munmap(%s)"
	}
	return q.EndCall()
}

// EndCall returns the call that ends what is acquired, with %s for its name, or "".
func (q *Acquired) EndCall() string {
	results := q.Call.Call.Signature().Results()
	if q.Index < 0 || q.Index >= results.Len() {
		return ""
	}
	t := results.At(q.Index).Type()
	if _, ok := t.Underlying().(*types.Signature); ok {
		return "%s()"
	}
	// Of a client that has both, Unsubscribe may give up for good what Close leaves to the next one.
	for _, name := range []string{"Close", "Unsubscribe", "Stop", "Cancel", "Unmap", "Release"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name); obj != nil {
			if fn, ok := obj.(*types.Func); ok && fn.Signature().Params().Len() == 0 {
				return "%s." + name + "()"
			}
		}
	}
	return ""
}
