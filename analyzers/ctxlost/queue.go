package ctxlost

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

// worked is the fact of a field that holds a context: By is a call that works under it.
type worked struct{ By string }

func (*worked) AFact() {}

func (w *worked) String() string { return "worked under by " + w.By }

// learnFields notes which fields hold contexts that something works under.
func (r *run) learnFields() {
	r.fields = make(map[*types.Var]string)
	for c := range r.root.Preorder((*ast.SelectorExpr)(nil)) {
		field := r.field(c.Node().(*ast.SelectorExpr).Sel)
		if field == nil || field.Pkg() != r.Pkg || !isContext(field.Type()) || r.fields[field] != "" {
			continue
		}
		by := r.worksWith(c)
		if by == "" {
			continue
		}
		r.fields[field] = by
		if field.Exported() {
			r.ExportObjectFact(field, &worked{by})
		}
	}
}

// workedBy returns a call that works under the context in a field, or "".
func (r *run) workedBy(field *types.Var) string {
	if field == nil {
		return ""
	}
	by, ok := r.fields[field]
	if !ok && field.Pkg() != r.Pkg {
		if imported := new(worked); r.ImportObjectFact(field, imported) {
			by = imported.By
		}
		r.fields[field] = by
	}
	return by
}

// worksWith returns a call that works under the context that the expression c is, or is made
// of it, or "".
func (r *run) worksWith(c inspector.Cursor) string {
	switch kind, i := c.ParentEdge(); kind {
	case edge.CallExpr_Args:
		call := c.Parent().Node().(*ast.CallExpr)
		if r.returnsContext(call) {
			if fn, ok := r.functionAround(c); ok && r.derives(call) {
				return r.worksWithDerived(fn, c.Parent())
			}
			return ""
		}
		if works, _ := r.worksUnder(call, i, false); works {
			return lint.Text(call.Fun)
		}
	case edge.AssignStmt_Rhs:
		if fn, ok := r.functionAround(c); ok {
			return r.worksWithDerived(fn, c)
		}
	}
	return ""
}

// functionAround returns the innermost function around c.
func (r *run) functionAround(c inspector.Cursor) (fn inspector.Cursor, ok bool) {
	for fn := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		return fn, true
	}
	return fn, false
}

// learnSend notes that a function sends a parameter on a channel that is not its own, and does not
// wait for what comes of it.
func (r *run) learnSend(c inspector.Cursor) {
	send := c.Node().(*ast.SendStmt)
	fn, ok := r.functionAround(c)
	if !ok {
		return
	}
	decl, ok := fn.Node().(*ast.FuncDecl)
	if !ok || r.local(send.Chan, decl.Body) || r.waitsAfter(decl.Body, c) || r.shares(send, fn) {
		return
	}
	obj, ok := r.TypesInfo.Defs[decl.Name].(*types.Func)
	if !ok {
		return
	}
	f := r.started[obj]
	if f == nil {
		f = new(starts)
	}
	params := obj.Signature().Params()
	s := newScope()
	for p := range params.Variables() {
		if isContext(p.Type()) {
			s.ctx[p] = true
		}
	}
	uses := r.usesSent(send.Value, fn, s)
	for i := range params.Len() {
		p := params.At(i)
		if r.object(send.Value) == p && !slices.Contains(f.Sends, i) {
			f.Sends = append(f.Sends, i)
		}
		if slices.ContainsFunc(uses, func(u use) bool { return r.object(u.expr) == p }) && !slices.Contains(f.Queues, i) {
			f.Queues = append(f.Queues, i)
		}
	}
	r.keep(obj, f)
}

// usesSent returns the contexts of s that a value which fn sends holds in fields under which something works.
func (r *run) usesSent(value ast.Expr, fn inspector.Cursor, s *scope) (uses []use) {
	value = ast.Unparen(value)
	if addr, ok := value.(*ast.UnaryExpr); ok && addr.Op == token.AND {
		value = ast.Unparen(addr.X)
	}
	if lit, ok := value.(*ast.CompositeLit); ok {
		return r.usesOfLiteral(lit, s)
	}
	obj := r.object(value)
	if obj == nil {
		return nil
	}
	for c := range fn.Preorder((*ast.AssignStmt)(nil)) {
		stmt := c.Node().(*ast.AssignStmt)
		if len(stmt.Lhs) != len(stmt.Rhs) {
			continue
		}
		for i, lhs := range stmt.Lhs {
			if r.object(lhs) == obj && r.object(stmt.Rhs[i]) == nil {
				uses = append(uses, r.usesSent(stmt.Rhs[i], fn, s)...)
			}
			sel, ok := lhs.(*ast.SelectorExpr)
			if !ok || r.object(sel.X) != obj {
				continue
			}
			if _, ok := r.ends(stmt.Rhs[i], s); ok {
				if by := r.workedBy(r.field(sel.Sel)); by != "" {
					uses = append(uses, use{stmt.Rhs[i], by, false, false, true})
				}
			}
		}
	}
	return uses
}

func (r *run) usesOfLiteral(lit *ast.CompositeLit, s *scope) (uses []use) {
	st, ok := lint.Deref(r.TypesInfo.TypeOf(lit)).Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for i, elt := range lit.Elts {
		var field *types.Var
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				field, elt = r.field(id), kv.Value
			}
		} else if i < st.NumFields() {
			field = st.Field(i).Origin()
		}
		if _, ok := r.ends(elt, s); !ok {
			continue
		}
		if by := r.workedBy(field); by != "" {
			uses = append(uses, use{elt, by, false, false, true})
		}
	}
	return uses
}

// local reports whether the channel is a variable of the function with that body.
func (r *run) local(ch ast.Expr, body *ast.BlockStmt) bool {
	for {
		switch e := ast.Unparen(ch).(type) {
		case *ast.SelectorExpr:
			if r.TypesInfo.Selections[e] == nil {
				return false // of another package
			}
			ch = e.X
		case *ast.IndexExpr:
			ch = e.X
		case *ast.Ident:
			obj := r.object(e)
			return obj == nil || body.Pos() <= obj.Pos() && obj.Pos() < body.End()
		default:
			return true // made by a call: who knows for whom
		}
	}
}

// waitsAfter reports whether a body waits for something once the send c is done. What the
// same select waits for instead of sending does not count.
func (r *run) waitsAfter(body *ast.BlockStmt, c inspector.Cursor) bool {
	if c.ParentEdgeKind() != edge.CommClause_Comm {
		return r.waits(body, c.Node().End())
	}
	clause := c.Parent().Node().(*ast.CommClause)
	for sel := range c.Enclosing((*ast.SelectStmt)(nil)) {
		return r.waits(body, sel.Node().End()) || slices.ContainsFunc(clause.Body, func(s ast.Stmt) bool { return r.waits(s, s.Pos()) })
	}
	return true
}
