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
// although nothing that it captures is. What it is given to mostly costs far more,
// so only those who ask are told.
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
	if !place.InLoop() || !r.all && !place.Marked {
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
