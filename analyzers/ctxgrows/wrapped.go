package ctxgrows

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// checkWrapped reports variables outside of a handler that each request wraps once more: a value that
// has the variable's old one within becomes the new one, and nothing sets it back.
func (r *run) checkWrapped() {
	root := r.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	for c := range root.Preorder((*ast.FuncLit)(nil)) {
		lit := c.Node().(*ast.FuncLit)
		sig, ok := r.TypesInfo.TypeOf(lit).(*types.Signature)
		if !ok || !r.hot.Serves(sig, nil) || lint.IsTest(r.Pass, lit.Pos()) && !r.all {
			continue
		}
		if r.hot.At(lit).Kind == hot.Request {
			continue // a handler for one request
		}
		for a := range c.Preorder((*ast.AssignStmt)(nil)) {
			s := a.Node().(*ast.AssignStmt)
			if v := r.wrapped(s); v != nil && r.outlives(v, c) && nearest(a) == ast.Node(lit) && !r.decidedFor(a, lit) && !r.leftBefore(a, lit, v) && !r.setElsewhere(root, v, s) {
				r.Report(analysis.Diagnostic{
					Pos: s.Pos(), End: s.End(), Category: wrapped,
					Message: fmt.Sprintf("%s is wrapped once more on every request, and stays so: each one goes through all that came before, and nothing of it is freed; wrap it before the handler, or in a variable of its own", v.Name()),
					Related: []analysis.RelatedInformation{{Pos: lit.Pos(), End: lit.Body.Lbrace, Message: "the handler"}},
				})
			}
		}
	}
}

// wrapped returns the local variable that a statement sets to a struct which has the value of the
// variable in one of its fields, both of one interface.
func (r *run) wrapped(s *ast.AssignStmt) *types.Var {
	if len(s.Lhs) != 1 || len(s.Rhs) != 1 || s.Tok != token.ASSIGN {
		return nil
	}
	id, ok := s.Lhs[0].(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := r.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.Parent() == nil || v.Parent() == r.Pkg.Scope() || !types.IsInterface(v.Type()) || lint.IsError(v.Type()) {
		return nil
	}
	made := ast.Unparen(s.Rhs[0])
	if addr, ok := made.(*ast.UnaryExpr); ok && addr.Op == token.AND {
		made = ast.Unparen(addr.X)
	}
	lit, ok := made.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	if _, ok := r.TypesInfo.TypeOf(lit).Underlying().(*types.Struct); !ok {
		return nil
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		if within, ok := ast.Unparen(e).(*ast.Ident); ok && r.TypesInfo.Uses[within] == v {
			return v
		}
	}
	return nil
}

// outlives reports whether a variable is declared outside of the handler at c, and not in another one.
func (r *run) outlives(v *types.Var, c inspector.Cursor) bool {
	for f := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		n := f.Node()
		if n == c.Node() {
			if n.Pos() <= v.Pos() && v.Pos() < n.End() {
				return false
			}
			continue
		}
		var sig *types.Signature
		var fn *types.Func
		if decl, ok := n.(*ast.FuncDecl); ok {
			if fn, ok = r.TypesInfo.Defs[decl.Name].(*types.Func); !ok {
				return false
			}
			sig = fn.Signature()
		} else if sig, _ = r.TypesInfo.TypeOf(n.(*ast.FuncLit)).(*types.Signature); sig == nil {
			return false
		}
		if r.hot.Serves(sig, fn) {
			return false
		}
		if n.Pos() <= v.Pos() && v.Pos() < n.End() {
			return true
		}
	}
	return false
}

// nearest returns the function that the statement at c is in.
func nearest(c inspector.Cursor) ast.Node {
	for f := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		return f.Node()
	}
	return nil
}

// decidedFor reports whether a condition in the handler may be true of one request only: it asks something
// of what a request changes, or whose answer is not known.
func (r *run) decidedFor(c inspector.Cursor, lit *ast.FuncLit) bool {
	for c := c; c.Node() != ast.Node(lit); c = c.Parent() {
		switch n := c.Parent().Node().(type) {
		case *ast.IfStmt:
			if c.ParentEdgeKind() != edge.IfStmt_Cond && (n.Init != nil || r.asksMore(n.Cond, lit)) {
				return true
			}
		case *ast.CaseClause, *ast.CommClause, *ast.ForStmt, *ast.RangeStmt:
			return true
		}
	}
	return false
}

// leftBefore reports whether a handler may have left, before it comes to the statement at c, because of what
// earlier requests have done: on a condition about the variable that it wraps, or another one that outlives it.
// To ask what the variable holds is taken to be for such a condition.
func (r *run) leftBefore(c inspector.Cursor, lit *ast.FuncLit, wraps *types.Var) bool {
	for stmt := range lint.Earlier(c) {
		if stmt.Pos() < lit.Pos() {
			break
		}
		if r.remembers(stmt, lit, wraps) {
			return true
		}
	}
	return false
}

func (r *run) remembers(stmt ast.Stmt, lit *ast.FuncLit, wraps *types.Var) bool {
	asserts, asks, leaves := false, false, false
	ask := func(cond ast.Node) {
		ast.Inspect(cond, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return !asks
			}
			if v, ok := r.TypesInfo.Uses[id].(*types.Var); ok && !v.IsField() && (v.Pos() < lit.Pos() || lit.End() <= v.Pos()) {
				_, plain := v.Type().Underlying().(*types.Basic)
				asks = asks || !plain || v.Parent() == r.Pkg.Scope() || r.setWithin(v, lit)
			}
			return !asks
		})
	}
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.TypeAssertExpr:
			id, ok := ast.Unparen(n.X).(*ast.Ident)
			asserts = asserts || ok && r.TypesInfo.Uses[id] == wraps
		case *ast.IfStmt:
			ask(n.Cond)
		case *ast.SwitchStmt:
			if n.Tag != nil {
				ask(n.Tag)
			}
		case *ast.CaseClause:
			for _, e := range n.List {
				ask(e)
			}
		case *ast.ReturnStmt, *ast.BranchStmt:
			leaves = true
		}
		return true
	})
	return asserts || asks && leaves
}

// asksMore reports whether a condition is more than variables that the handler does not set, fields of its
// parameters, and constants.
func (r *run) asksMore(cond ast.Expr, lit *ast.FuncLit) (more bool) {
	ast.Inspect(cond, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr, *ast.TypeAssertExpr, *ast.StarExpr, *ast.IndexExpr:
			more = true
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); !ok || r.TypesInfo.ObjectOf(id) == nil || r.TypesInfo.ObjectOf(id).Pos() < lit.Pos() {
				more = true // a field that others may set
			}
		case *ast.Ident:
			if v, ok := r.TypesInfo.Uses[n].(*types.Var); ok && !v.IsField() && (v.Parent() == r.Pkg.Scope() || types.IsInterface(v.Type()) || r.setWithin(v, lit)) {
				more = true
			}
		}
		return !more
	})
	return more
}

// setWithin reports whether a function literal sets a variable, or takes its address.
func (r *run) setWithin(v *types.Var, lit *ast.FuncLit) (set bool) {
	ast.Inspect(lit, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				id, ok := lhs.(*ast.Ident)
				set = set || ok && n.Tok != token.DEFINE && r.TypesInfo.Uses[id] == v
			}
		case *ast.IncDecStmt:
			id, ok := n.X.(*ast.Ident)
			set = set || ok && r.TypesInfo.Uses[id] == v
		case *ast.UnaryExpr:
			id, ok := n.X.(*ast.Ident)
			set = set || ok && n.Op == token.AND && r.TypesInfo.Uses[id] == v
		}
		return !set
	})
	return set
}

// setElsewhere reports whether another statement sets a variable, or takes its address.
func (r *run) setElsewhere(root inspector.Cursor, v *types.Var, here *ast.AssignStmt) bool {
	for c := range root.Preorder((*ast.Ident)(nil)) {
		if r.TypesInfo.Uses[c.Node().(*ast.Ident)] != v {
			continue
		}
		switch c.ParentEdgeKind() {
		case edge.AssignStmt_Lhs:
			if c.Parent().Node() != ast.Node(here) {
				return true
			}
		case edge.RangeStmt_Key, edge.RangeStmt_Value:
			return true
		case edge.UnaryExpr_X:
			if c.Parent().Node().(*ast.UnaryExpr).Op == token.AND {
				return true
			}
		}
	}
	return false
}
