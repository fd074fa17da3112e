package needlesscopy

import (
	"fmt"
	"go/ast"
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
	case fn.Signature().Variadic() && types.Identical(r.TypesInfo.TypeOf(arg), types.Typ[types.String]):
		remedy = "what is given to it after the text is formatted only if it is on"
	}
	r.report(finding{category: logFormat, node: text, place: place,
		message: fmt.Sprintf("%s makes this text%s even if the level of %s is off; %s", lint.Text(text.Fun), when(place), fn.Name(), remedy)})
	return true
}

// siblings returns the names of the exported methods of the type that a method is of, or of the
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
	for m := range types.NewMethodSet(recv.Type()).Methods() {
		names[m.Obj().Name()] = true
	}
	return names
}

// asked reports whether a condition around a call calls something of the package that logs: whether
// a level is on, as a rule.
func (r *pass) asked(cur inspector.Cursor, fn *types.Func) bool {
	for up := range cur.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil), (*ast.FuncDecl)(nil)) {
		var conds []ast.Expr
		switch n := up.Node().(type) {
		case *ast.IfStmt:
			conds = []ast.Expr{n.Cond}
		case *ast.CaseClause:
			conds = n.List
		}
		for _, cond := range conds {
			if r.asks(cond, fn.Pkg()) {
				return true
			}
		}
	}
	return false
}

// asks reports whether an expression calls or names something of a package, or a flag.
func (r *pass) asks(cond ast.Expr, pkg *types.Package) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return !found
		}
		obj := r.TypesInfo.Uses[id]
		if v, isVar := obj.(*types.Var); isVar {
			b, isBasic := v.Type().Underlying().(*types.Basic)
			found = found || isBasic && b.Info()&types.IsBoolean != 0
		} else if obj != nil && obj.Pkg() == pkg {
			found = true
		}
		return !found
	})
	return found
}
