package nodeadline

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// slow is what a server without timeouts costs.
const slow = "a client that sends its headers slowly, or nothing, keeps a connection and a goroutine for as long as it likes"

func (f *finder) root() inspector.Cursor {
	return f.pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
}

// servers reports servers that are made without timeouts, and functions that make one.
func (f *finder) servers() {
	later := f.assignments()
	for cur := range f.root().Preorder((*ast.CompositeLit)(nil), (*ast.CallExpr)(nil), (*ast.ValueSpec)(nil)) {
		n := cur.Node()
		file := lint.FileOf(f.pass, n.Pos())
		if file == nil || f.skipped(file) {
			continue
		}
		switch n := n.(type) {
		case *ast.CompositeLit:
			if isServer(f.pass.TypesInfo.TypeOf(n)) && !f.limited(n) {
				f.server(cur, n, later)
			}
		case *ast.CallExpr:
			f.listens(n)
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "new" && len(n.Args) == 1 && isServer(f.pass.TypesInfo.TypeOf(n.Args[0])) {
				f.server(cur, n, later)
			}
		case *ast.ValueSpec:
			if len(n.Values) == 0 && n.Type != nil && isServer(f.pass.TypesInfo.TypeOf(n.Type)) && len(n.Names) == 1 {
				f.zeroServer(n, later)
			}
		}
	}
}

func isServer(t types.Type) bool { return t != nil && lint.IsNamed(t, "net/http", "Server") }

// limited reports whether the literal itself says how long the server waits, or that
// only the machine itself can reach it.
func (f *finder) limited(lit *ast.CompositeLit) bool {
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		key, ok := kv.Key.(*ast.Ident)
		if !ok {
			return true
		}
		switch key.Name {
		case "ReadTimeout", "ReadHeaderTimeout":
			if v := f.pass.TypesInfo.Types[kv.Value].Value; v == nil || constant.Sign(v) != 0 {
				return true
			}
		case "Addr":
			if f.localAddr(kv.Value) {
				return true
			}
		case "Handler":
			if call, ok := ast.Unparen(kv.Value).(*ast.CallExpr); ok && lint.IsFunc(typeutil.Callee(f.pass.TypesInfo, call), "net/http", "TimeoutHandler") {
				return true
			}
		case "ConnContext", "ConnState":
			return true // it may set a deadline of its own
		}
	}
	return false
}

// localAddr reports whether an address is, or is by default, one that only the machine
// itself can reach.
func (f *finder) localAddr(e ast.Expr) bool {
	e = ast.Unparen(e)
	if v := f.pass.TypesInfo.Types[e].Value; v != nil && v.Kind() == constant.String {
		return isLocal(constant.StringVal(v))
	}
	switch e := e.(type) {
	case *ast.StarExpr:
		return f.localAddr(e.X)
	case *ast.Ident:
		v, ok := f.pass.TypesInfo.Uses[e].(*types.Var)
		if !ok {
			return false
		}
		def := f.definition(v)
		if call, ok := def.(*ast.CallExpr); ok {
			if lint.IsFunc(typeutil.Callee(f.pass.TypesInfo, call), "flag", "String") && len(call.Args) > 1 {
				return f.localAddr(call.Args[1])
			}
			return f.localListener(call)
		}
		return def != nil && f.localAddr(def)
	case *ast.BinaryExpr:
		return e.Op == token.ADD && f.localAddr(e.X)
	case *ast.CallExpr:
		fn := typeutil.Callee(f.pass.TypesInfo, e)
		if len(e.Args) > 0 && (lint.IsFunc(fn, "net", "JoinHostPort") || lint.IsFunc(fn, "fmt", "Sprintf")) {
			return f.localAddr(e.Args[0])
		}
		return f.localListener(e)
	}
	return false
}

// localListener reports whether a call listens where only the machine itself gets.
func (f *finder) localListener(call *ast.CallExpr) bool {
	if !lint.IsFunc(typeutil.Callee(f.pass.TypesInfo, call), "net", "Listen") || len(call.Args) != 2 {
		return false
	}
	v := f.pass.TypesInfo.Types[call.Args[0]].Value
	return v != nil && v.Kind() == constant.String && constant.StringVal(v) == "unix" || f.localAddr(call.Args[1])
}

// definition returns the expression that a variable is declared with, or nil.
func (f *finder) definition(v *types.Var) ast.Expr {
	if !v.Pos().IsValid() || v.Pkg() != f.pass.Pkg {
		return nil
	}
	file := lint.FileOf(f.pass, v.Pos())
	if file == nil {
		return nil
	}
	var def ast.Expr
	cur, ok := f.root().FindByPos(v.Pos(), v.Pos())
	if !ok {
		return nil
	}
	for c := range cur.Enclosing((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
		switch n := c.Node().(type) {
		case *ast.AssignStmt:
			i := slices.IndexFunc(n.Lhs, func(e ast.Expr) bool { return e.Pos() == v.Pos() })
			if i >= 0 && len(n.Rhs) == len(n.Lhs) {
				def = n.Rhs[i]
			} else if i == 0 && len(n.Rhs) == 1 {
				def = n.Rhs[0]
			}
		case *ast.ValueSpec:
			i := slices.IndexFunc(n.Names, func(id *ast.Ident) bool { return id.Pos() == v.Pos() })
			if i >= 0 && len(n.Values) == len(n.Names) {
				def = n.Values[i]
			}
		}
		break
	}
	return def
}

// An assignment sets a timeout of a server that exists.
type assignment struct {
	root types.Object // the variable that the path to the server begins with
	own  bool         // the server is made where that is declared: no other is meant
}

// assignments returns where the package sets timeouts of servers.
func (f *finder) assignments() (list []assignment) {
	for cur := range f.root().Preorder((*ast.AssignStmt)(nil)) {
		for _, lhs := range cur.Node().(*ast.AssignStmt).Lhs {
			sel, ok := ast.Unparen(lhs).(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "ReadTimeout" && sel.Sel.Name != "ReadHeaderTimeout" {
				continue
			}
			// Also by way of a struct that embeds a server.
			if obj := f.pass.TypesInfo.Uses[sel.Sel]; obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "net/http" {
				var a assignment
				if id := lint.RootIdent(sel.X); id != nil {
					a.root = f.pass.TypesInfo.ObjectOf(id)
					a.own = id == ast.Unparen(sel.X) && f.madeIn(a.root)
				}
				list = append(list, a)
			}
		}
	}
	return list
}

// madeIn reports whether a local variable is declared together with its server.
func (f *finder) madeIn(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	if !ok || v.Parent() == f.pass.Pkg.Scope() {
		return false
	}
	if isServer(v.Type()) {
		return !f.isParam(v)
	}
	def := f.definition(v)
	if u, ok := def.(*ast.UnaryExpr); ok {
		def = u.X
	}
	switch def := def.(type) {
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr:
		id, ok := def.Fun.(*ast.Ident)
		return ok && id.Name == "new"
	}
	return false
}

func (f *finder) isParam(v *types.Var) bool {
	cur, ok := f.root().FindByPos(v.Pos(), v.Pos())
	if !ok {
		return true
	}
	for c := range cur.Enclosing((*ast.Field)(nil), (*ast.BlockStmt)(nil)) {
		_, field := c.Node().(*ast.Field)
		return field
	}
	return false
}

// others reports whether an assignment may be about a server that is made elsewhere.
func others(later []assignment) bool {
	return slices.ContainsFunc(later, func(a assignment) bool { return !a.own })
}

// server judges an expression that makes a server without timeouts.
func (f *finder) server(cur inspector.Cursor, made ast.Expr, later []assignment) {
	var at ast.Node = made
	expr := cur
	if u, ok := cur.Parent().Node().(*ast.UnaryExpr); ok {
		at, expr = u, cur.Parent()
	}
	var v *types.Var
	switch p := expr.Parent().Node().(type) {
	case *ast.AssignStmt:
		i := slices.Index(p.Rhs, at.(ast.Expr))
		if i < 0 || len(p.Lhs) != len(p.Rhs) {
			return
		}
		if id, ok := p.Lhs[i].(*ast.Ident); ok {
			v, _ = f.pass.TypesInfo.ObjectOf(id).(*types.Var)
		}
	case *ast.ValueSpec:
		if i := slices.Index(p.Values, at.(ast.Expr)); i >= 0 && i < len(p.Names) {
			v, _ = f.pass.TypesInfo.ObjectOf(p.Names[i]).(*types.Var)
		}
	case *ast.CallExpr:
		if !f.harmless(p, at.(ast.Expr)) {
			return
		}
	}
	if f.setLater(v, later) || v != nil && f.localServe(v) {
		return
	}
	f.report(at, server, "this http.Server has neither ReadHeaderTimeout nor ReadTimeout: "+slow+"; set ReadHeaderTimeout")
}

// zeroServer judges a variable that is a server without anything set.
func (f *finder) zeroServer(spec *ast.ValueSpec, later []assignment) {
	v, ok := f.pass.TypesInfo.Defs[spec.Names[0]].(*types.Var)
	if !ok || f.setLater(v, later) || !f.runs(v) || f.localServe(v) {
		return
	}
	f.report(spec, server, "the http.Server "+v.Name()+" gets neither ReadHeaderTimeout nor ReadTimeout: "+slow+"; set ReadHeaderTimeout")
}

// setLater reports whether timeouts may be set after the server has been made: through
// the variable itself, or, if others get hold of it, anywhere else.
func (f *finder) setLater(v *types.Var, later []assignment) bool {
	for _, a := range later {
		if a.root == types.Object(v) && v != nil {
			return true
		}
	}
	if v == nil {
		return others(later)
	}
	for use := range f.uses(v) {
		parent := use.Parent()
		switch p := parent.Node().(type) {
		case *ast.SelectorExpr:
			// A method or field of it. The address and the timeouts are decided above.
			if as, ok := parent.Parent().Node().(*ast.AssignStmt); ok && slices.Contains(as.Lhs, ast.Expr(p)) {
				switch p.Sel.Name {
				case "ConnContext", "ConnState":
					return true
				case "Addr":
					if i := slices.Index(as.Lhs, ast.Expr(p)); len(as.Rhs) == len(as.Lhs) && f.localAddr(as.Rhs[i]) {
						return true
					}
				}
			}
		case *ast.UnaryExpr:
			if call, ok := parent.Parent().Node().(*ast.CallExpr); ok && !f.harmless(call, p) {
				return true
			} else if !ok && others(later) {
				return true
			}
		case *ast.CallExpr:
			if !f.harmless(p, use.Node().(ast.Expr)) {
				return true
			}
		case *ast.AssignStmt:
			if slices.Contains(p.Rhs, use.Node().(ast.Expr)) && others(later) {
				return true
			}
		case *ast.ReturnStmt, *ast.KeyValueExpr, *ast.CompositeLit:
			if others(later) {
				return true
			}
		}
	}
	return false
}

// harmless reports whether a function that gets a server is known not to set its
// timeouts.
func (f *finder) harmless(call *ast.CallExpr, arg ast.Expr) bool {
	fn, ok := typeutil.Callee(f.pass.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	if fn.Pkg().Path() == "golang.org/x/net/http2" {
		return true
	}
	i := slices.Index(call.Args, arg)
	if fn.Pkg() == f.pass.Pkg {
		return !slices.Contains(f.setsParams(fn), i)
	}
	l := new(limits)
	if f.pass.ImportObjectFact(fn.Origin(), l) {
		return !slices.Contains(l.Sets, i)
	}
	return f.own(fn.Pkg())
}

// setsParams returns which parameters of fn are servers whose timeouts it sets.
func (f *finder) setsParams(fn *types.Func) (list []int) {
	for i := range fn.Signature().Params().Len() {
		p := fn.Signature().Params().At(i)
		if !isServer(lint.Deref(p.Type())) {
			continue
		}
		for _, a := range f.assignments() {
			if a.root == types.Object(p) {
				list = append(list, i)
				break
			}
		}
	}
	return list
}

// setters tells other packages which functions set timeouts.
func (f *finder) setters() {
	for _, a := range f.assignments() {
		p, ok := a.root.(*types.Var)
		if !ok {
			continue
		}
		cur, ok := f.root().FindByPos(p.Pos(), p.Pos())
		if !ok {
			continue
		}
		for c := range cur.Enclosing((*ast.FuncDecl)(nil)) {
			fn, ok := f.pass.TypesInfo.Defs[c.Node().(*ast.FuncDecl).Name].(*types.Func)
			if !ok {
				continue
			}
			if sets := f.setsParams(fn); len(sets) > 0 {
				f.pass.ExportObjectFact(fn, &limits{Sets: sets})
			}
		}
	}
}

// uses yields where a variable is mentioned.
func (f *finder) uses(v *types.Var) func(func(inspector.Cursor) bool) {
	return func(yield func(inspector.Cursor) bool) {
		for cur := range f.root().Preorder((*ast.Ident)(nil)) {
			if f.pass.TypesInfo.Uses[cur.Node().(*ast.Ident)] == types.Object(v) && !yield(cur) {
				return
			}
		}
	}
}

// runs reports whether a server in a variable is started through it.
func (f *finder) runs(v *types.Var) bool {
	for use := range f.uses(v) {
		if sel, ok := use.Parent().Node().(*ast.SelectorExpr); ok && slices.Contains([]string{"ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS"}, sel.Sel.Name) {
			return true
		}
	}
	return false
}

// localServe reports whether a server is started on a listener that only the machine
// itself gets to, or one that may have limits of its own.
func (f *finder) localServe(v *types.Var) bool {
	for use := range f.uses(v) {
		sel, ok := use.Parent().Node().(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "Serve" && sel.Sel.Name != "ServeTLS" {
			continue
		}
		if call, ok := use.Parent().Parent().Node().(*ast.CallExpr); ok && len(call.Args) > 0 && (f.localAddr(call.Args[0]) || f.ownListener(call.Args[0])) {
			return true
		}
	}
	return false
}

// ownListener reports whether a listener is of a type of the package that sets
// deadlines for what it accepts.
func (f *finder) ownListener(e ast.Expr) bool {
	t := f.pass.TypesInfo.TypeOf(e)
	if t == nil {
		return false
	}
	named, ok := types.Unalias(lint.Deref(t)).(*types.Named)
	return ok && named.Obj().Pkg() == f.pass.Pkg
}

// listens reports the functions that make a server without timeouts of their own.
func (f *finder) listens(call *ast.CallExpr) {
	fn := typeutil.Callee(f.pass.TypesInfo, call)
	if !lint.IsFunc(fn, "net/http", "ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS") || len(call.Args) < 2 {
		return
	}
	if f.localAddr(call.Args[0]) || fn.Name() != "ListenAndServe" && f.ownListener(call.Args[0]) {
		return
	}
	handler := call.Args[len(call.Args)-1]
	if fn.Name() == "ServeTLS" {
		handler = call.Args[1]
	}
	if h, ok := ast.Unparen(handler).(*ast.CallExpr); ok && lint.IsFunc(typeutil.Callee(f.pass.TypesInfo, h), "net/http", "TimeoutHandler") {
		return
	}
	f.report(call, listen, "http."+fn.Name()+" serves without any timeout: "+slow+"; use an http.Server with ReadHeaderTimeout")
}

func (f *finder) report(n ast.Node, category, message string) {
	if f.reported[n] {
		return
	}
	f.reported[n] = true
	end := n.End()
	if lit, ok := n.(*ast.CompositeLit); ok {
		end = lit.Lbrace
	} else if u, ok := n.(*ast.UnaryExpr); ok {
		if lit, ok := u.X.(*ast.CompositeLit); ok {
			end = lit.Lbrace
		}
	}
	f.pass.Report(analysis.Diagnostic{Pos: n.Pos(), End: end, Category: category, Message: message})
}
