package dirtypool

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/poolflow"
	"github.com/heapvet/heapvet/lint"
)

// retained reports a slice that is cut to [:0] before its object goes back to
// the pool: the elements stay behind the end of the slice, and all they point to.
func (c *checker) retained(r poolflow.Retained) {
	elem := r.Slice.Underlying().(*types.Slice).Elem()
	w := weigh(elem, 0)
	if tp, ok := types.Unalias(elem).(*types.TypeParam); ok {
		w = c.chosen(tp, r.Cut)
	}
	if w == nothing || w == little && !c.all {
		return
	}
	if lint.IsTest(c.pass, r.Cut) && !c.all {
		return // what a test keeps alive is let go with it
	}
	if r.Field != nil && poolflow.KeptByIntent(c.pass, r.Field.Var()) {
		return
	}
	file := lint.FileOf(c.pass, r.Cut)
	if file == nil || !lint.GoAtLeast(c.pass, file, "go1.21") {
		return
	}
	stmt, cut, block := c.cutAt(file, r.Cut)
	if cut == nil {
		return
	}
	x := types.ExprString(ast.Unparen(cut.X))
	d := analysis.Diagnostic{
		Pos: cut.Pos(), End: cut.End(), Category: retained,
		Message: fmt.Sprintf("%s keeps the old %s values reachable from %s; clear(%s) first",
			types.ExprString(cut), c.typeName(r.Slice.Underlying().(*types.Slice).Elem()), r.Pool, x),
	}
	if r.Late {
		d.Message = fmt.Sprintf("%s comes after the Put: %s has kept the old %s values reachable, and they stay behind the end; clear(%s) before the Put",
			types.ExprString(cut), r.Pool, c.typeName(r.Slice.Underlying().(*types.Slice).Elem()), x)
	}
	if r.Grown.IsValid() {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: r.Grown, Message: "elements are added here"})
	}
	d.Related = append(d.Related, analysis.RelatedInformation{Pos: r.Put, Message: "put back here"})
	if !r.Escapes && stmt != nil && block != nil && c.simple(cut.X) && c.isBuiltin(file, stmt.Pos(), "clear") {
		indent := c.indent(stmt.Pos())
		d.SuggestedFixes = []analysis.SuggestedFix{{
			Message:   "Clear the elements first",
			TextEdits: []analysis.TextEdit{{Pos: stmt.Pos(), End: stmt.Pos(), NewText: []byte("clear(" + x + ")\n" + indent)}},
		}}
	}
	c.report(d)
}

// chosen judges what the package has for the type parameter tp, where it makes
// instances of the generic function or type whose declaration is at pos.
func (c *checker) chosen(tp *types.TypeParam, pos token.Pos) (w weight) {
	owner := c.ownerAt(pos)
	if owner == nil {
		return nothing
	}
	for id, inst := range c.pass.TypesInfo.Instances {
		if c.pass.TypesInfo.Uses[id] == owner && tp.Index() < inst.TypeArgs.Len() {
			w = max(w, weigh(inst.TypeArgs.At(tp.Index()), 0))
		}
	}
	return w
}

// ownerAt returns the function declared around pos, or the type that it is a method of.
func (c *checker) ownerAt(pos token.Pos) types.Object {
	for _, d := range lint.FileOf(c.pass, pos).Decls {
		decl, ok := d.(*ast.FuncDecl)
		if !ok || pos < decl.Pos() || decl.End() <= pos {
			continue
		}
		fn, ok := c.pass.TypesInfo.Defs[decl.Name].(*types.Func)
		if !ok {
			return nil
		}
		if fn.Signature().Recv() == nil {
			return fn
		}
		if named, ok := types.Unalias(lint.Deref(fn.Signature().Recv().Type())).(*types.Named); ok {
			return named.Obj()
		}
	}
	return nil
}

// cutAt returns the assignment at pos, what of it cuts a slice to [:0], and the
// block that the assignment stands in, alone on its line. In a struct literal there is no such assignment.
func (c *checker) cutAt(file *ast.File, pos token.Pos) (stmt *ast.AssignStmt, cut *ast.SliceExpr, block ast.Node) {
	line := func(p token.Pos) int { return c.pass.Fset.Position(p).Line }
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() <= pos {
			return false
		}
		if kv, ok := n.(*ast.KeyValueExpr); ok {
			if s, ok := ast.Unparen(kv.Value).(*ast.SliceExpr); ok {
				stmt, cut = nil, s
			}
		}
		if assign, ok := n.(*ast.AssignStmt); ok && len(assign.Lhs) == 1 && len(assign.Rhs) == 1 {
			if s, ok := ast.Unparen(assign.Rhs[0]).(*ast.SliceExpr); ok && assign.Tok == token.ASSIGN {
				stmt, cut = assign, s
			}
		}
		return true
	})
	if stmt == nil {
		return nil, cut, nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() <= pos {
			return false
		}
		list := lint.Statements(n)
		for i, s := range list {
			if s == stmt && line(n.Pos()) < line(s.Pos()) && line(n.End()) > line(s.End()) &&
				(i == 0 || line(list[i-1].End()) < line(s.Pos())) {
				block = n
			}
		}
		return true
	})
	return stmt, cut, block
}

// simple reports whether an expression can be evaluated once more: variables,
// fields and what pointers point to.
func (c *checker) simple(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return c.simple(e.X)
	case *ast.StarExpr:
		return c.simple(e.X)
	}
	return false
}

// isBuiltin reports whether name means the predeclared function at pos.
func (c *checker) isBuiltin(file *ast.File, pos token.Pos, name string) bool {
	scope := c.pass.TypesInfo.Scopes[file].Innermost(pos)
	if scope == nil {
		return false
	}
	_, obj := scope.LookupParent(name, pos)
	return obj == types.Universe.Lookup(name)
}

// weight says how much memory one element of a slice may keep alive.
type weight int

const (
	nothing weight = iota
	little         // a bounded amount, or what lives on anyway
	much           // whatever the user stored
)

// weigh judges what values of an element type point to.
func weigh(t types.Type, depth int) weight {
	if depth > 4 {
		return much
	}
	if lint.IsNamed(t, "reflect", "Type") || lint.IsNamed(t, "context", "Context") || lint.IsError(t) || lint.IsNamed(t, "time", "Time") {
		return little
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return nothing
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Kind() == types.String || u.Kind() == types.UnsafePointer {
			return little
		}
		return nothing
	case *types.Signature, *types.Chan:
		return little
	case *types.Pointer:
		if w := weigh(u.Elem(), depth+1); w == much {
			return much
		}
		return little
	case *types.Interface, *types.Map, *types.Slice:
		return much
	case *types.Array:
		return weigh(u.Elem(), depth)
	case *types.Struct:
		w := nothing
		for f := range u.Fields() {
			w = max(w, weigh(f.Type(), depth+1))
		}
		return w
	}
	return nothing
}
