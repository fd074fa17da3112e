package rebuilt

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// transport reports an http.Transport that is made on every call, used once, and
// forgotten with its idle connections: where it is made, or where a function is called that
// returns a new one.
func (r *pass) transport(cur inspector.Cursor, lit *ast.CompositeLit) {
	stay := "stay for ever"
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			return
		}
		if key, ok := kv.Key.(*ast.Ident); ok {
			switch key.Name {
			case "DisableKeepAlives":
				return
			case "IdleConnTimeout":
				if !r.all {
					return // its connections do not stay for ever
				}
				stay = "stay until they time out, and no other call can use them"
			case "DialContext", "DialTLSContext", "Dial", "DialTLS":
				if r.given(kv.Value) || dated(kv.Value) {
					return
				}
			}
		}
	}
	remedy := "forgets it: its idle connections, and two goroutines for each, " + stay + "; make one transport and share it, or call CloseIdleConnections"
	switch r.fate(cur, 4) {
	case sent:
		if r.often(cur) {
			r.report(lit, connection, r.hot.At(lit), "each call makes an http.Transport of its own and %s", remedy)
		}
	case returned:
		decl, ok := function(cur)
		if !ok {
			return
		}
		fd, ok := decl.Node().(*ast.FuncDecl)
		if !ok {
			return
		}
		for call := range r.callsOf(r.TypesInfo.Defs[fd.Name]) {
			if r.fate(call, 3) == sent && r.often(call) {
				n := call.Node()
				r.report(n, connection, r.hot.At(n), "%s makes an http.Transport of its own, and this function %s", fd.Name.Name, remedy)
			}
		}
	}
}

// given reports whether a function that is to dial does not: the connection that it returns, a
// variable, is one that it has received or that others have, who close it.
func (r *pass) given(dial ast.Expr) bool {
	lit, ok := dial.(*ast.FuncLit)
	if !ok {
		return false
	}
	called := make(map[types.Object]bool) // variables that a call sets
	given, made := false, false
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.AssignStmt:
			_, call := ast.Unparen(n.Rhs[0]).(*ast.CallExpr)
			for _, x := range n.Lhs {
				if id, ok := x.(*ast.Ident); ok && call {
					called[r.TypesInfo.ObjectOf(id)] = true
				}
			}
		case *ast.ReturnStmt:
			if len(n.Results) != 2 {
				made = true // by what it calls, perhaps
				break
			}
			id, ok := ast.Unparen(n.Results[0]).(*ast.Ident)
			switch {
			case r.TypesInfo.Types[n.Results[0]].IsNil():
			case ok && !called[r.TypesInfo.ObjectOf(id)]:
				given = true
			default:
				made = true
			}
		}
		return true
	})
	return given && !made
}

// dated reports whether a function that dials sets a deadline for all reads of its connection, at which
// the transport closes it, idle or not.
func dated(dial ast.Expr) bool {
	lit, ok := dial.(*ast.FuncLit)
	if !ok {
		return false
	}
	set, lifted := false, false
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 1 {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && (sel.Sel.Name == "SetDeadline" || sel.Sel.Name == "SetReadDeadline") {
				_, zero := ast.Unparen(call.Args[0]).(*ast.CompositeLit)
				set, lifted = set || !zero, lifted || zero
			}
		}
		return true
	})
	return set && !lifted
}

// often reports whether what is made at cur is made again and again.
func (r *pass) often(cur inspector.Cursor) bool {
	n := cur.Node()
	place := r.hot.At(n)
	return !place.Rare && !r.hot.Once(n) && !r.guarded(cur) && !r.setsUp(cur) && (place.Worth() || r.all || r.exportedWork(cur))
}

// callsOf yields the calls of a function of the package.
func (r *pass) callsOf(fn types.Object) func(func(inspector.Cursor) bool) {
	return func(yield func(inspector.Cursor) bool) {
		for call := range r.root.Preorder((*ast.CallExpr)(nil)) {
			if fn != nil && typeutil.Callee(r.TypesInfo, call.Node().(*ast.CallExpr)) == fn && !yield(call) {
				return
			}
		}
	}
}

// A fate is what becomes of a transport, or of a client with it, in a function that has it.
type fate int

const (
	kept     fate = iota // others have it, too, or its connections are ended
	sent                 // requests are sent by it, and then it is forgotten
	returned             // those who call the function get it as the first result
)

// fate follows the value at cur through local variables, clients and functions of the package.
func (r *pass) fate(cur inspector.Cursor, depth int) fate {
	for depth > 0 {
		switch cur.ParentEdgeKind() {
		case edge.ParenExpr_X, edge.UnaryExpr_X:
			cur = cur.Parent()
		case edge.KeyValueExpr_Value:
			cur = cur.Parent().Parent()
			if e, ok := cur.Node().(ast.Expr); !ok || !lint.IsNamed(r.TypesInfo.TypeOf(e), "net/http", "Client") {
				return kept
			}
		case edge.SelectorExpr_X:
			if sends(cur) {
				return sent
			}
			return kept
		case edge.ReturnStmt_Results:
			if cur.ParentEdgeIndex() == 0 {
				return returned
			}
			return kept
		case edge.CallExpr_Args:
			return r.lent(cur, depth)
		case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
			if v := r.variable(cur); v != nil {
				return r.fateOf(cur, v, depth)
			}
			return kept
		default:
			return kept
		}
	}
	return kept
}

// fateOf tells what becomes of the value of a variable of the function around cur.
func (r *pass) fateOf(cur inspector.Cursor, v *types.Var, depth int) fate {
	all := kept
	if !r.each(cur, v, func(use inspector.Cursor) bool {
		switch use.ParentEdgeKind() {
		case edge.SelectorExpr_X:
			sel := use.Parent()
			if sel.ParentEdgeKind() == edge.CallExpr_Fun {
				all = max(all, sent)
				return sends(use) && !looped(use, v)
			}
			// Setting a field of it; those that end its connections tell that somebody thought of it.
			switch sel.Node().(*ast.SelectorExpr).Sel.Name {
			case "DisableKeepAlives", "IdleConnTimeout":
				return false
			}
			return sel.ParentEdgeKind() == edge.AssignStmt_Lhs
		case edge.AssignStmt_Lhs:
			return true
		}
		f := r.fate(use, depth-1)
		all = max(all, f)
		return f != kept
	}) {
		return kept
	}
	return all
}

// looped reports whether a use of a variable is in a loop that the variable outlives: it is made
// for all of its rounds.
func looped(use inspector.Cursor, v *types.Var) bool {
	for loop := range use.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if v.Pos() < loop.Node().Pos() {
			return true
		}
	}
	return false
}

// lent tells what becomes of an argument in the function of the package that is called with it.
func (r *pass) lent(arg inspector.Cursor, depth int) fate {
	call := arg.Parent().Node().(*ast.CallExpr)
	fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func)
	if !ok || r.decls[fn] == nil || r.decls[fn].Body == nil || arg.ParentEdgeIndex() >= fn.Signature().Params().Len() || fn.Signature().Variadic() {
		return kept
	}
	body, ok := lint.Find(r.root, r.decls[fn].Body)
	if !ok || r.fateOf(body, fn.Signature().Params().At(arg.ParentEdgeIndex()), depth-1) != sent {
		return kept
	}
	return sent
}

// sends reports whether the selection from c calls a method that sends a request.
func sends(c inspector.Cursor) bool {
	sel, ok := c.Parent().Node().(*ast.SelectorExpr)
	if !ok || c.Parent().ParentEdgeKind() != edge.CallExpr_Fun {
		return false
	}
	switch sel.Sel.Name {
	case "Do", "Get", "Post", "PostForm", "Head", "RoundTrip":
		return true
	}
	return false
}
