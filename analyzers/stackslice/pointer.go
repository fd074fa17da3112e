package stackslice

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// A pointer is the address of a part of an element, and where it lives on.
type pointer struct {
	expr    ast.Expr // &s[i].F
	element ast.Expr // s[i]
	field   ast.Expr // s[i].F, if & is written
	kept    ast.Node
}

// pointers returns the addresses of parts of elements of s that outlive the array on
// the stack. The compiler looks only for the addresses of whole elements.
func (f *function) pointers(s *slice) (list []pointer) {
	for id := range f.idents() {
		if id.ParentEdgeKind() != edge.IndexExpr_X || f.TypesInfo.Uses[id.Node().(*ast.Ident)] != s.v {
			continue
		}
		element := id.Parent()
		part, ok := f.part(element)
		if !ok {
			continue
		}
		p := pointer{element: element.Node().(ast.Expr)}
		var at inspector.Cursor
		switch part.ParentEdgeKind() {
		case edge.UnaryExpr_X:
			if part.Parent().Node().(*ast.UnaryExpr).Op != token.AND {
				continue
			}
			at = part.Parent()
			p.field = part.Node().(ast.Expr)
		case edge.SliceExpr_X:
			if _, ok := f.TypesInfo.TypeOf(part.Node().(ast.Expr)).Underlying().(*types.Array); !ok {
				continue
			}
			at = part.Parent()
			p.field = part.Node().(ast.Expr)
		default:
			continue
		}
		p.expr = at.Node().(ast.Expr)
		if p.kept = f.kept(s, at, 3); p.kept != nil && p.kept != f.statement(at) {
			list = append(list, p)
		} else if p.kept != nil && !isReturn(p.kept) {
			list = append(list, p)
		}
	}
	return list
}

func isReturn(n ast.Node) bool {
	_, ok := n.(*ast.ReturnStmt)
	return ok
}

// part climbs from an element to the part of it that is selected or indexed: a field of
// a field, an element of an array.
func (f *function) part(c inspector.Cursor) (inspector.Cursor, bool) {
	steps := 0
	for {
		parent := c.Parent()
		switch c.ParentEdgeKind() {
		case edge.ParenExpr_X:
		case edge.SelectorExpr_X:
			sel := f.TypesInfo.Selections[parent.Node().(*ast.SelectorExpr)]
			if sel == nil || sel.Kind() != types.FieldVal || sel.Indirect() {
				return c, steps > 0
			}
			steps++
		case edge.IndexExpr_X:
			if _, ok := f.TypesInfo.TypeOf(c.Node().(ast.Expr)).Underlying().(*types.Array); !ok {
				return c, steps > 0
			}
			steps++
		default:
			return c, steps > 0
		}
		c = parent
	}
}

// kept returns where the pointer that the expression at c makes outlives the array on
// the stack: it is returned, stored or sent, or used after the array has been moved. It
// returns nil if nothing shows that.
func (f *function) kept(s *slice, c inspector.Cursor, depth int) ast.Node {
	for {
		parent := c.Parent()
		switch c.ParentEdgeKind() {
		case edge.ParenExpr_X, edge.KeyValueExpr_Value, edge.CompositeLit_Elts:
		case edge.UnaryExpr_X:
			if parent.Node().(*ast.UnaryExpr).Op != token.AND {
				return nil
			}
		case edge.ReturnStmt_Results, edge.SendStmt_Value:
			return parent.Node()
		case edge.CallExpr_Args:
			call := parent.Node().(*ast.CallExpr)
			b, ok := typeutil.Callee(f.TypesInfo, call).(*types.Builtin)
			if !ok || b.Name() != "append" || c.ParentEdgeIndex() == 0 {
				return nil
			}
		case edge.AssignStmt_Rhs:
			assign := parent.Node().(*ast.AssignStmt)
			if len(assign.Lhs) != len(assign.Rhs) {
				return nil
			}
			return f.keptIn(s, assign.Lhs[c.ParentEdgeIndex()], assign, depth)
		case edge.ValueSpec_Values:
			spec := parent.Node().(*ast.ValueSpec)
			if len(spec.Values) != len(spec.Names) {
				return nil
			}
			return f.keptIn(s, spec.Names[c.ParentEdgeIndex()], spec, depth)
		default:
			return nil
		}
		c = parent
	}
}

// keptIn is kept for a pointer that is assigned to an expression.
func (f *function) keptIn(s *slice, to ast.Expr, at ast.Node, depth int) ast.Node {
	id, ok := ast.Unparen(to).(*ast.Ident)
	if !ok {
		return at // a field, an element, what a pointer points to
	}
	if id.Name == "_" || depth == 0 {
		return nil
	}
	v, ok := f.TypesInfo.ObjectOf(id).(*types.Var)
	if !ok {
		return nil
	}
	if v.Parent() == f.Pkg.Scope() || v.Kind() == types.ResultVar {
		return at
	}
	for use := range f.idents() {
		n := use.Node().(*ast.Ident)
		if f.TypesInfo.Uses[n] != v || n.Pos() < at.End() {
			continue
		}
		if use.ParentEdgeKind() == edge.AssignStmt_Lhs {
			continue
		}
		if kept := f.kept(s, use, depth-1); kept != nil {
			return kept
		}
		// Read or written through, when s has its new array.
		for _, move := range s.moves {
			if !isReturn(move) && n.Pos() >= move.End() && f.through(use) {
				return n
			}
		}
	}
	return nil
}

// through reports whether the pointer at c is dereferenced.
func (f *function) through(c inspector.Cursor) bool {
	switch c.ParentEdgeKind() {
	case edge.StarExpr_X, edge.SelectorExpr_X, edge.IndexExpr_X:
		return true
	}
	return false
}

// statement returns the statement around c.
func (f *function) statement(c inspector.Cursor) ast.Node {
	for around := range c.Enclosing() {
		if stmt, ok := around.Node().(ast.Stmt); ok {
			return stmt
		}
	}
	return nil
}

// A reuse is a loop over s in which s begins anew and grows.
type reuse struct {
	stmt  *ast.RangeStmt
	grows ast.Stmt
}

// reused returns the loops over s that see its array overwritten.
func (f *function) reused(s *slice) (list []reuse) {
	if !s.capUsed {
		return nil // append begins in the array on the stack at most once
	}
	for _, loop := range s.ranges {
		if loop.Value == nil || !within(s.shrinks, loop.Body) {
			continue
		}
		for _, grows := range s.appends {
			if loop.Body.Pos() <= grows.Pos() && grows.End() <= loop.Body.End() {
				list = append(list, reuse{loop, grows})
				break
			}
		}
	}
	return list
}

func within(stmts []*ast.AssignStmt, body *ast.BlockStmt) bool {
	for _, stmt := range stmts {
		if body.Pos() <= stmt.Pos() && stmt.End() <= body.End() {
			return true
		}
	}
	return false
}
