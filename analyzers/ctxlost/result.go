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

// consumed reports whether the results of the call c are dealt with in the function at
// hand. What is kept in a field or in a package variable is for other callers too, and must not
// depend on the context of the first. What has to be closed, a channel or a function
// may live as long as the context does.
func (f *flow) consumed(c inspector.Cursor, sig *types.Signature) bool {
	for c.ParentEdgeKind() == edge.ParenExpr_X {
		c = c.Parent()
	}
	switch parent := c.Parent().Node().(type) {
	case *ast.ReturnStmt:
		return !anyLives(sig)
	case *ast.AssignStmt:
		for i, lhs := range parent.Lhs {
			t := resultType(sig, i, len(parent.Lhs))
			if t == nil || lint.IsError(t) {
				continue
			}
			if !f.keptHere(lhs, t) {
				return false
			}
		}
	case *ast.ValueSpec:
		for i, name := range parent.Names {
			if t := resultType(sig, i, len(parent.Names)); t != nil && !lint.IsError(t) && !f.keptHere(name, t) {
				return false
			}
		}
	case *ast.KeyValueExpr, *ast.CompositeLit, *ast.CallExpr:
		return !anyLives(sig)
	}
	return true
}

func anyLives(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if lives(v.Type()) {
			return true
		}
	}
	return false
}

func resultType(sig *types.Signature, i, n int) types.Type {
	if sig.Results().Len() != n || i >= n {
		return nil
	}
	return sig.Results().At(i).Type()
}

// lives reports whether a value of type t may go on doing something until it is told to
// end. The rows of a query end by themselves.
func lives(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return true
	}
	if lint.IsNamed(lint.Deref(t), "net/http", "Response", "Request") || lint.IsNamed(lint.Deref(t), "database/sql", "Rows", "Row") {
		return false
	}
	for m := range types.NewMethodSet(t).Methods() {
		switch m.Obj().Name() {
		case "Close", "Stop", "Shutdown", "Release", "Cancel", "Unsubscribe", "Done", "Wait", "ResultChan", "Unlock", "Revoke", "CloseSend", "CloseAndRecv", "RecvMsg":
			return true
		}
	}
	return false
}

// keptHere reports whether a result stays with the function that assigns it to lhs.
func (f *flow) keptHere(lhs ast.Expr, t types.Type) bool {
	return f.staysHere(lhs, t, make(map[types.Object]bool))
}

func (f *flow) staysHere(lhs ast.Expr, t types.Type, seen map[types.Object]bool) bool {
	id, ok := lhs.(*ast.Ident)
	if !ok {
		return !f.shared(lhs)
	}
	obj := f.TypesInfo.ObjectOf(id)
	if id.Name == "_" || obj == nil || seen[obj] {
		return true
	}
	seen[obj] = true
	if obj.Parent() == f.Pkg.Scope() {
		return false
	}
	living := lives(t)
	ended := !living || f.closes(obj)
	for c := range f.hand.fn.Preorder((*ast.Ident)(nil)) {
		if f.TypesInfo.Uses[c.Node().(*ast.Ident)] != obj {
			continue
		}
		switch kind, i := c.ParentEdge(); kind {
		case edge.AssignStmt_Rhs:
			if stmt := c.Parent().Node().(*ast.AssignStmt); len(stmt.Lhs) == len(stmt.Rhs) && f.shared(stmt.Lhs[i]) {
				return false
			}
		case edge.CallExpr_Args:
			call := c.Parent().Node().(*ast.CallExpr)
			if !ended || f.fills(call) {
				return false
			}
		case edge.ReturnStmt_Results, edge.KeyValueExpr_Value, edge.CompositeLit_Elts, edge.SendStmt_Value:
			if living {
				return false
			}
			if lit, ok := part(c); ok && kind != edge.ReturnStmt_Results && kind != edge.SendStmt_Value {
				if stmt, ok := lit.Parent().Node().(*ast.AssignStmt); ok && len(stmt.Lhs) == len(stmt.Rhs) {
					if _, i := lit.ParentEdge(); !f.staysHere(stmt.Lhs[i], f.TypesInfo.TypeOf(stmt.Rhs[i]), seen) {
						return false
					}
				}
			}
		}
	}
	return true
}

// part returns the outermost composite literal, or its address, that c is an element of.
func part(c inspector.Cursor) (lit inspector.Cursor, ok bool) {
	for cur := c.Parent(); ; cur = cur.Parent() {
		switch n := cur.Node().(type) {
		case *ast.CompositeLit:
			lit, ok = cur, true
		case *ast.KeyValueExpr:
		case *ast.UnaryExpr:
			if n.Op != token.AND {
				return lit, ok
			}
			lit = cur
		default:
			return lit, ok
		}
	}
}

// endedHere reports whether the function at hand closes what the call c returns.
func (f *flow) endedHere(c inspector.Cursor) bool {
	stmt, ok := c.Parent().Node().(*ast.AssignStmt)
	return ok && slices.ContainsFunc(stmt.Lhs, func(e ast.Expr) bool {
		obj := f.object(e)
		return obj != nil && lives(obj.Type()) && f.closes(obj)
	})
}

// closes reports whether the function at hand itself closes what obj holds, not a goroutine.
func (f *flow) closes(obj types.Object) bool {
	for c := range f.hand.fn.Preorder((*ast.SelectorExpr)(nil)) {
		sel := c.Node().(*ast.SelectorExpr)
		if f.object(sel.X) == obj && endsWork(sel.Sel.Name) && !f.inGoroutine(c) {
			return true
		}
	}
	return false
}

// inGoroutine reports whether c is in a goroutine that the function at hand starts.
func (f *flow) inGoroutine(c inspector.Cursor) bool {
	for g := range c.Enclosing((*ast.GoStmt)(nil)) {
		return inside(g.Node(), f.hand.fn.Node())
	}
	return false
}

// shared reports whether an assignment to lhs is seen by other callers of the function: it
// goes to a field of the receiver, or into a map or variable of the package.
func (f *flow) shared(lhs ast.Expr) bool {
	for {
		switch e := ast.Unparen(lhs).(type) {
		case *ast.SelectorExpr:
			lhs = e.X
			if f.TypesInfo.Selections[e] == nil {
				return true // a variable of another package
			}
		case *ast.IndexExpr:
			lhs = e.X
		case *ast.StarExpr:
			lhs = e.X
		case *ast.Ident:
			obj := f.TypesInfo.ObjectOf(e)
			return obj != nil && (obj.Parent() == f.Pkg.Scope() || f.isReceiver(obj))
		default:
			return true
		}
	}
}

// isReceiver reports whether obj is the receiver of the declaration around the function at hand.
func (f *flow) isReceiver(obj types.Object) bool {
	for c := range f.hand.fn.Enclosing((*ast.FuncDecl)(nil)) {
		recv := c.Node().(*ast.FuncDecl).Recv
		return recv != nil && len(recv.List) > 0 && len(recv.List[0].Names) > 0 && f.TypesInfo.Defs[recv.List[0].Names[0]] == obj
	}
	return false
}

// fills reports whether a call puts its arguments into something shared.
func (f *flow) fills(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && lint.Leads(sel.Sel.Name, "Set", "Put", "Store", "LoadOrStore", "Swap", "CompareAndSwap", "Add") && f.shared(sel.X)
}
