package needlesscopy

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// logFormat reports a text that is formatted for a logger of levels before it can say that
// nobody wants to read it: log.Debug(fmt.Sprintf(…)).
func (r *pass) logFormat(cur inspector.Cursor, call *ast.CallExpr, fn *types.Func) bool {
	if !slices.Contains([]string{"Debug", "Trace", "DebugContext", "TraceContext"}, fn.Name()) || len(call.Args) == 0 {
		return false
	}
	levels := siblings(fn)
	if !levels["Info"] || !levels["Error"] {
		return false
	}
	arg := call.Args[0]
	if lint.IsNamed(r.TypesInfo.TypeOf(arg), "context", "Context") && len(call.Args) > 1 {
		arg = call.Args[1]
	}
	text, ok := ast.Unparen(arg).(*ast.CallExpr)
	if !ok || !lint.IsFunc(typeutil.Callee(r.TypesInfo, text), "fmt", "Sprintf", "Sprint", "Sprintln") || text.Ellipsis.IsValid() || len(text.Args) < 2 || r.asked(cur, fn) {
		return false
	}
	place, ok := r.often(call)
	if !ok {
		return false
	}
	r.made[text] = true
	remedy := "ask first whether it is on"
	switch {
	case levels[fn.Name()+"f"]:
		remedy = fn.Name() + "f formats only if it is on"
	case fn.Signature().Variadic() && !takesStrings(fn.Signature()):
		remedy = "what is given to it after the text is formatted only if it is on"
	}
	r.report(finding{category: logFormat, node: text, place: place,
		message: fmt.Sprintf("%s makes this text%s even if the level of %s is off; %s", lint.Text(text.Fun), when(place), fn.Name(), remedy)})
	return true
}

// takesStrings reports whether what a variadic function may be given more of are texts.
func takesStrings(sig *types.Signature) bool {
	list, ok := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice)
	return ok && lint.IsString(list.Elem())
}

// siblings returns the names of the methods of the type that a method is of, or of the
// functions of the package of a function.
func siblings(fn *types.Func) map[string]bool {
	names := make(map[string]bool)
	recv := fn.Signature().Recv()
	if recv == nil {
		for _, name := range fn.Pkg().Scope().Names() {
			names[name] = true
		}
		return names
	}
	t := recv.Type()
	if _, pointer := t.(*types.Pointer); !pointer && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for m := range types.NewMethodSet(t).Methods() {
		names[m.Obj().Name()] = true
	}
	return names
}

// asked reports whether a condition around a call, or one on which the function or the loop around it is
// left before, asks whether a level is on.
func (r *pass) asked(cur inspector.Cursor, fn *types.Func) bool {
	round := cur.Node()
	for loop := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		round = loop.Node()
		break
	}
	// A variable that is not set for one round of the loop alone.
	lasts := func(v *types.Var) bool {
		return v.IsField() || v.Parent() == r.Pkg.Scope() || v.Pos() < round.Pos()
	}
	for up := range cur.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil)) {
		var conds []ast.Expr
		switch n := up.Node().(type) {
		case *ast.IfStmt:
			conds = []ast.Expr{n.Cond}
		case *ast.CaseClause:
			conds = n.List
		}
		for _, cond := range conds {
			if r.asks(cond, fn.Pkg(), func(*types.Var) bool { return true }) || r.compares(cond, lasts) {
				return true
			}
		}
	}
	for stmt := range lint.Earlier(cur) {
		test, ok := stmt.(*ast.IfStmt)
		if !ok || len(test.Body.List) == 0 {
			continue
		}
		switch test.Body.List[len(test.Body.List)-1].(type) {
		case *ast.ReturnStmt, *ast.BranchStmt:
			if r.asks(test.Cond, fn.Pkg(), lasts) || r.compares(test.Cond, lasts) {
				return true
			}
		}
	}
	return false
}

// asks reports whether an expression calls or names something of a package, or a flag of those that count.
func (r *pass) asks(cond ast.Expr, pkg *types.Package, counts func(*types.Var) bool) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return !found
		}
		obj := r.TypesInfo.Uses[id]
		if v, isVar := obj.(*types.Var); isVar {
			found = found || isOf(v, types.IsBoolean) && counts(v)
		} else if obj != nil && obj.Pkg() == pkg {
			found = true
		}
		return !found
	})
	return found
}

// compares reports whether an expression asks if a number of those that count is beyond a constant, as a level is.
func (r *pass) compares(cond ast.Expr, counts func(*types.Var) bool) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		cmp, ok := n.(*ast.BinaryExpr)
		if !ok || !slices.Contains([]token.Token{token.LSS, token.LEQ, token.GTR, token.GEQ}, cmp.Op) || r.TypesInfo.Types[cmp.Y].Value == nil {
			return !found
		}
		var v *types.Var
		switch x := ast.Unparen(cmp.X).(type) {
		case *ast.Ident:
			v, _ = r.TypesInfo.Uses[x].(*types.Var)
		case *ast.SelectorExpr:
			v, _ = r.TypesInfo.Uses[x.Sel].(*types.Var)
		}
		found = found || v != nil && isOf(v, types.IsInteger) && counts(v)
		return !found
	})
	return found
}

func isOf(v *types.Var, kind types.BasicInfo) bool {
	b, ok := v.Type().Underlying().(*types.Basic)
	return ok && b.Info()&kind != 0
}
