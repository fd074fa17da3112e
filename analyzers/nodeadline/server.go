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
			switch t := f.pass.TypesInfo.TypeOf(n); {
			case isServer(t) && !f.limited(n):
				f.server(cur, n, later)
			case embedsServer(t) && !hasServer(n):
				f.embedded(cur, later)
			}
		case *ast.CallExpr:
			f.listens(n)
			if id, ok := n.Fun.(*ast.Ident); !ok || id.Name != "new" || len(n.Args) != 1 {
				continue
			}
			switch t := f.pass.TypesInfo.TypeOf(n.Args[0]); {
			case isServer(t):
				f.server(cur, n, later)
			case embedsServer(t):
				f.embedded(cur, later)
			}
		case *ast.ValueSpec:
			if len(n.Values) > 0 || n.Type == nil || len(n.Names) != 1 {
				continue
			}
			if t := f.pass.TypesInfo.TypeOf(n.Type); isServer(t) || embedsServer(t) {
				f.zeroServer(n, later)
			}
		}
	}
}

func isServer(t types.Type) bool { return t != nil && lint.IsNamed(t, "net/http", "Server") }

// embedsServer reports whether a struct has an http.Server embedded, by value.
func embedsServer(t types.Type) bool {
	if t == nil {
		return false
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || isServer(t) {
		return false
	}
	for field := range st.Fields() {
		if field.Embedded() && isServer(field.Type()) {
			return true
		}
	}
	return false
}

// hasServer reports whether the literal of a struct says what the embedded server is.
func hasServer(lit *ast.CompositeLit) bool {
	return slices.ContainsFunc(lit.Elts, func(elt ast.Expr) bool {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		id, ok := kv.Key.(*ast.Ident)
		return !ok || id.Name == "Server"
	})
}

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

// server judges an expression that makes a server without timeouts.
func (f *finder) server(cur inspector.Cursor, made ast.Expr, later []assignment) {
	var at ast.Node = made
	expr := cur
	if u, ok := cur.Parent().Node().(*ast.UnaryExpr); ok {
		at, expr = u, cur.Parent()
	}
	if f.limitedLater(expr, later, maxReturns) {
		return
	}
	f.report(at, server, "this http.Server has neither ReadHeaderTimeout nor ReadTimeout: "+slow+"; set ReadHeaderTimeout")
}

// embedded judges an expression that makes a struct with a server in it of which
// nothing is set, and which is started by way of the struct.
func (f *finder) embedded(cur inspector.Cursor, later []assignment) {
	expr := cur
	if _, ok := cur.Parent().Node().(*ast.UnaryExpr); ok {
		expr = cur.Parent()
	}
	v := f.variable(expr)
	if v == nil || !f.runs(v) || f.limitedLater(expr, later, maxReturns) {
		return
	}
	f.report(expr.Node(), server, "the http.Server in "+v.Name()+" gets neither ReadHeaderTimeout nor ReadTimeout: "+slow+"; set ReadHeaderTimeout")
}

// zeroServer judges a variable that is a server without anything set.
func (f *finder) zeroServer(spec *ast.ValueSpec, later []assignment) {
	v, ok := f.pass.TypesInfo.Defs[spec.Names[0]].(*types.Var)
	if !ok || f.setLater(v, later, maxReturns) || !f.runs(v) || f.localServe(v) {
		return
	}
	f.report(spec, server, "the http.Server "+v.Name()+" gets neither ReadHeaderTimeout nor ReadTimeout: "+slow+"; set ReadHeaderTimeout")
}

// uses yields where a variable or function is mentioned.
func (f *finder) uses(v types.Object) func(func(inspector.Cursor) bool) {
	return func(yield func(inspector.Cursor) bool) {
		for cur := range f.root().Preorder((*ast.Ident)(nil)) {
			if f.pass.TypesInfo.Uses[cur.Node().(*ast.Ident)] == v && !yield(cur) {
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
