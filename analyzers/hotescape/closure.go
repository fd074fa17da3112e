package hotescape

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/escape"
)

func related(n ast.Node, message string) analysis.RelatedInformation {
	return analysis.RelatedInformation{Pos: n.Pos(), End: n.End(), Message: message}
}

// literal looks for a function literal that is made anew on every iteration
// although nothing that it captures is.
func (r *pass) literal(c inspector.Cursor) {
	lit := c.Node().(*ast.FuncLit)
	if c.ParentEdgeKind() == edge.CallExpr_Fun {
		return // called where it stands: by go, defer, or at once
	}
	vars := r.captures(lit)
	if len(vars) == 0 {
		return // costs nothing
	}
	place := r.hot.At(lit)
	if !place.InLoop() {
		return
	}
	for _, v := range vars {
		if encloses(place.Cause, v) {
			return
		}
	}
	if !always(c, place.Cause) || r.escape.Expr(lit) != escape.Heap {
		return
	}
	f := finding{category: captured, node: &funcHead{lit}, alloc: lit, place: place}
	r.report(f, "the function literal is allocated on every iteration, though all it captures (%s) is declared before the loop; assign it to a variable there", names(vars))
}

// funcHead is a function literal for the reader: the line with its signature.
type funcHead struct{ *ast.FuncLit }

func (h *funcHead) End() token.Pos { return h.Type.End() }

func names(vars []*types.Var) string {
	text := ""
	for i, v := range vars {
		if i > 0 {
			text += ", "
		}
		if i == 3 && len(vars) > 4 {
			return text + "…"
		}
		text += v.Name()
	}
	return text
}

// captures returns the variables of enclosing functions that the literal uses.
func (r *pass) captures(lit *ast.FuncLit) []*types.Var {
	var vars []*types.Var
	seen := make(map[*types.Var]bool)
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		v, ok := r.TypesInfo.Uses[id].(*types.Var)
		if ok && !v.IsField() && !seen[v] && v.Pkg() == r.Pkg && v.Parent() != r.Pkg.Scope() && !encloses(lit, v) {
			seen[v] = true
			vars = append(vars, v)
		}
		return true
	})
	return vars
}

// always reports whether every iteration of the loop comes by c: no condition lies
// between them.
func always(c inspector.Cursor, loop ast.Node) bool {
	for cur := range c.Enclosing() {
		if cur.Node() == loop {
			return true
		}
		switch cur.ParentEdgeKind() {
		case edge.IfStmt_Body, edge.IfStmt_Else, edge.CaseClause_Body, edge.CommClause_Body,
			edge.BinaryExpr_Y, edge.FuncLit_Body:
			return false
		}
	}
	return false
}

// capturedVars looks for a variable that is on the heap only because a function
// literal captures it and it was assigned to before: the literal then needs the
// variable itself, where a copy would do.
func (r *pass) capturedVars(c inspector.Cursor) {
	for _, id := range declaredIdents(c) {
		v := r.local(id)
		if v == nil {
			continue
		}
		lit := r.copyWouldDo(v)
		if lit == nil {
			continue
		}
		place := r.hot.At(id)
		if !place.InLoop() || r.escape.Var(id) != escape.Heap {
			continue
		}
		f := finding{category: captured, node: id, alloc: id, place: place}
		f.related = append(f.related, related(&funcHead{lit}, "the function literal that captures "+v.Name()))
		r.report(f, "%s is allocated on every iteration, because a function literal captures it after it was changed; let it capture a copy", v.Name())
	}
}

func declaredIdents(c inspector.Cursor) []*ast.Ident {
	switch n := c.Node().(type) {
	case *ast.ValueSpec:
		return n.Names
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return nil
		}
		var ids []*ast.Ident
		for _, lhs := range n.Lhs {
			if id, ok := lhs.(*ast.Ident); ok {
				ids = append(ids, id)
			}
		}
		return ids
	}
	return nil
}

// copyWouldDo returns the function literal that captures v, if it may as well
// capture a copy: it only reads v, nothing assigns to v after it is made, and
// nothing takes the address of v.
func (r *pass) copyWouldDo(v *types.Var) *ast.FuncLit {
	var lit *ast.FuncLit
	var last token.Pos // of the assignments
	for _, use := range r.usesOf(v) {
		at, taken, written := r.addressOf(use)
		if taken {
			return nil
		}
		inner := enclosingLiteral(use, v)
		if written {
			if inner != nil {
				return nil
			}
			last = max(last, statementEnd(at))
		}
		if inner != nil {
			if lit != nil && lit != inner {
				return nil
			}
			lit = inner
		}
	}
	if lit == nil || !last.IsValid() || lit.Pos() < last {
		return nil
	}
	// In a loop inside the scope of v, an assignment above comes after it too.
	c, ok := r.root.FindNode(lit)
	if !ok {
		return nil
	}
	for loop := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if encloses(loop.Node(), v) {
			break
		}
		return nil
	}
	return lit
}

// enclosingLiteral returns the outermost function literal that captures v for the use at c.
func enclosingLiteral(c inspector.Cursor, v *types.Var) *ast.FuncLit {
	var outer *ast.FuncLit
	for cur := range c.Enclosing((*ast.FuncLit)(nil)) {
		lit := cur.Node().(*ast.FuncLit)
		if encloses(lit, v) {
			break
		}
		outer = lit
	}
	return outer
}

func statementEnd(c inspector.Cursor) token.Pos {
	for cur := range c.Enclosing() {
		if s, ok := cur.Node().(ast.Stmt); ok {
			return s.End()
		}
	}
	return c.Node().End()
}
