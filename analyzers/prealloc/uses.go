package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// undisturbed reports whether, between its origin and the loop, nothing uses
// the target; whether the loop does nothing with it that a larger capacity
// could change or that hides growth; and whether it does not grow elsewhere.
func (l *loop) undisturbed(t *target, o *origin, r rest) bool {
	if stmt := l.reset(t); stmt != nil {
		o.reset, o.known = stmt.End(), true
		if t.field == nil {
			o.id, _ = ast.Unparen(stmt.Lhs[0]).(*ast.Ident)
		}
		if value := stmt.Rhs[0]; !l.info.Types[value].IsNil() {
			o.decl, o.empty, o.room = stmt, ast.Unparen(value), l.roomOf(ast.Unparen(value))
		}
	}
	for cur := range l.fn.Preorder((*ast.Ident)(nil)) {
		id := cur.Node().(*ast.Ident)
		if l.info.Uses[id] != t.v {
			continue
		}
		use := cur
		whole := true // the use is of the target, or of the struct as a whole
		if t.field != nil {
			if cur.ParentEdgeKind() == edge.SelectorExpr_X {
				sel := l.info.Selections[cur.Parent().Node().(*ast.SelectorExpr)]
				if sel != nil && sel.Kind() == types.FieldVal {
					if sel.Obj() != t.field {
						continue // another field
					}
					use, whole = cur.Parent(), false
				}
			}
		} else {
			whole = false
		}
		captured := l.captured(cur)
		switch {
		case id.Pos() < o.reset:
		case id.Pos() < l.stmt.Pos():
			if n := l.adds(t, id); n != 0 && !captured && !whole {
				o.begun += max(n, 0)
				continue
			}
			if captured || !l.readByReturn(use) && !(t.isText && l.writesOnce(use)) {
				return false
			}
		case l.within(id.Pos()):
			if captured || whole || !l.harmless(t, use) {
				return false
			}
		default:
			if whole {
				continue
			}
			if t.isMap && l.fills(use) || t.isText && l.writesMore(use) {
				return false
			}
			if call := l.growsAt(use); call != nil && !r.calls[call] {
				return false
			}
		}
	}
	return true
}

// reset returns the statement that empties the target on the way to the loop, such
// as x.f = nil or m = make(map[K]V), other than the one that declares it; or nil.
func (l *loop) reset(t *target) *ast.AssignStmt {
	cur, ok := l.statement()
	if !ok || t.isText {
		return nil
	}
	for prev, ok := cur.PrevSibling(); ok; prev, ok = prev.PrevSibling() {
		stmt, ok := prev.Node().(*ast.AssignStmt)
		if !ok || stmt.Tok != token.ASSIGN || len(stmt.Lhs) != 1 || len(stmt.Rhs) != 1 || !t.is(l.info, stmt.Lhs[0]) {
			continue
		}
		value := ast.Unparen(stmt.Rhs[0])
		if !l.info.Types[value].IsNil() && !l.emptyValue(t, value) {
			return nil
		}
		return stmt
	}
	return nil
}

// captured reports whether the identifier is in a function literal inside the function.
func (l *loop) captured(cur inspector.Cursor) bool {
	for fn := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return fn.Node() != l.fn.Node()
	}
	return false
}

// readByReturn reports whether the use is an operand of a return statement.
func (l *loop) readByReturn(use inspector.Cursor) bool {
	return use.ParentEdgeKind() == edge.ReturnStmt_Results
}

// harmless reports whether a use in the loop is one of the growths of the
// target, or reads its length or elements.
func (l *loop) harmless(t *target, use inspector.Cursor) bool {
	parent := use.Parent().Node()
	if t.isText {
		if use.ParentEdgeKind() != edge.SelectorExpr_X || use.Parent().ParentEdgeKind() != edge.CallExpr_Fun {
			return false
		}
		_, ok := t.grows[use.Parent().Parent().Node()]
		return ok || use.Parent().Node().(*ast.SelectorExpr).Sel.Name == "Len"
	}
	if t.isMap {
		// Any other use may read what was inserted: deduplication, counting.
		_, ok := t.grows[parent]
		return ok && use.ParentEdgeKind() == edge.IndexExpr_X
	}
	switch use.ParentEdgeKind() {
	case edge.AssignStmt_Lhs:
		stmt := parent.(*ast.AssignStmt)
		if len(stmt.Lhs) != len(stmt.Rhs) {
			return false
		}
		_, ok := t.grows[ast.Unparen(stmt.Rhs[use.ParentEdgeIndex()])]
		return ok
	case edge.CallExpr_Args:
		call := parent.(*ast.CallExpr)
		if _, ok := t.grows[call]; ok {
			return use.ParentEdgeIndex() == 0
		}
		return isBuiltin(l.info, call.Fun, "len")
	case edge.IndexExpr_X, edge.RangeStmt_X:
		return true
	case edge.ReturnStmt_Results:
		return true
	}
	return false
}

// writesOnce reports whether the use before the loop adds to the text, or asks
// for its length, outside of other loops.
func (l *loop) writesOnce(use inspector.Cursor) bool {
	if use.ParentEdgeKind() != edge.SelectorExpr_X || use.Parent().ParentEdgeKind() != edge.CallExpr_Fun {
		return false
	}
	call := use.Parent().Parent().Node().(*ast.CallExpr)
	if v, _ := writes(l.info, call); v == nil && use.Parent().Node().(*ast.SelectorExpr).Sel.Name != "Len" {
		return false
	}
	return !l.loops(use)
}

// writesMore reports whether the use after the loop adds to the text in another
// loop: then this one is not all.
func (l *loop) writesMore(use inspector.Cursor) bool {
	read := use.ParentEdgeKind() == edge.SelectorExpr_X && use.Parent().ParentEdgeKind() == edge.CallExpr_Fun &&
		!l.isWrite(use.Parent().Parent().Node().(*ast.CallExpr))
	return !read && l.loops(use)
}

func (l *loop) isWrite(call *ast.CallExpr) bool {
	v, _ := writes(l.info, call)
	return v != nil
}

// loops reports whether the use is in a loop that this one is not in.
func (l *loop) loops(use inspector.Cursor) bool {
	for around := range use.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch n := around.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return !(n.Pos() <= l.stmt.Pos() && l.stmt.End() <= n.End())
		}
		break
	}
	return false
}

// fills reports whether the use after the loop inserts into the map in another
// loop, or copies another map into it: then it receives more keys than this
// loop has iterations.
func (l *loop) fills(use inspector.Cursor) bool {
	switch use.ParentEdgeKind() {
	case edge.CallExpr_Args:
		call := use.Parent().Node().(*ast.CallExpr)
		return use.ParentEdgeIndex() == 0 && lint.IsFunc(typeutil.Callee(l.info, call), "maps", "Copy", "Insert")
	case edge.IndexExpr_X:
		switch use.Parent().ParentEdgeKind() {
		case edge.AssignStmt_Lhs, edge.IncDecStmt_X:
		default:
			return false
		}
		return l.loops(use)
	}
	return false
}

// growsAt returns the call if the use after the loop is x = append(x, …), or any
// other append to it.
func (l *loop) growsAt(use inspector.Cursor) *ast.CallExpr {
	if use.ParentEdgeKind() != edge.CallExpr_Args || use.ParentEdgeIndex() != 0 {
		return nil
	}
	call := use.Parent().Node().(*ast.CallExpr)
	if !isBuiltin(l.info, call.Fun, "append") && appendsNumber(l.info, call) == 0 {
		return nil
	}
	return call
}
