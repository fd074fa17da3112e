package hotescape

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
)

// rangeAddress looks for a range variable whose address is taken: the compiler
// then makes a new one on the heap for each element, before the body begins,
// whether or not the address is taken in this round.
func (r *pass) rangeAddress(c inspector.Cursor) {
	loop := c.Node().(*ast.RangeStmt)
	if loop.Tok != token.DEFINE || !lint.GoAtLeast(r.Pass, lint.FileOf(r.Pass, loop.Pos()), "go1.22") {
		return
	}
	for _, e := range []ast.Expr{loop.Key, loop.Value} {
		id, _ := e.(*ast.Ident)
		x := r.local(id)
		if x == nil {
			continue
		}
		a := r.addresses(c, x)
		if !a.perIteration || a.written {
			continue
		}
		place := r.hot.At(loop.Body)
		if !place.InLoop() || place.Cause != loop {
			continue
		}
		rare := r.rare(a.taken, loop)
		element := ""
		if e == loop.Value {
			element = r.element(loop)
		}
		sure := rare || element != "" && r.staysInFunction(a, loop)
		if !rare && element == "" || (!sure || !rare && r.waits(a.taken)) && !r.all && !place.Marked {
			continue
		}
		if r.escape.Var(id) != escape.Heap {
			continue
		}
		f := finding{category: rangeAddress, node: id, alloc: id, place: place}
		f.related = slices.Grow(f.related, len(a.taken))
		for _, at := range a.taken {
			f.related = append(f.related, related(at.Node(), "the address of "+x.Name()+" is taken here"))
		}
		size := ""
		if n := r.sizeOf(x.Type()); n > 0 {
			size = " (" + bytes(n) + ")"
		}
		switch {
		case rare:
			r.report(f, "a new %s%s is allocated on every iteration, though its address is taken only on the way out of the loop; copy it to a new variable there", x.Name(), size)
		default:
			r.report(f, "a new %s%s is allocated on every iteration, because its address is taken; use &%s, if the element may be shared", x.Name(), size, element)
		}
	}
}

// An addressed variable, and the places that take its address.
type addressed struct {
	taken   []inspector.Cursor // the & operators, and the operands of implicit ones
	written bool               // assigned to, or captured: a copy may be needed

	// The compiler makes one variable for the whole loop if it finds the address
	// in return statements only.
	perIteration bool
}

// addresses looks at the uses of the variable x of the loop at c, all of which are in
// that: an index of the whole package would cost more.
func (r *pass) addresses(c inspector.Cursor, x *types.Var) addressed {
	loop := c.Node()
	var a addressed
	for use := range c.Preorder((*ast.Ident)(nil)) {
		if r.TypesInfo.Uses[use.Node().(*ast.Ident)] != x {
			continue
		}
		if inLiteral(use, loop) {
			a.written = true
			return a
		}
		cur, taken, written := r.addressOf(use)
		if written {
			a.written = true
			return a
		}
		if taken {
			a.taken = append(a.taken, cur)
			a.perIteration = a.perIteration || !inReturn(cur, loop)
		}
	}
	return a
}

func inReturn(c inspector.Cursor, loop ast.Node) bool {
	for cur := range c.Enclosing((*ast.ReturnStmt)(nil), (*ast.RangeStmt)(nil)) {
		if _, ok := cur.Node().(*ast.ReturnStmt); ok {
			return true
		}
		if cur.Node() == loop {
			break
		}
	}
	return false
}

// addressOf climbs from the use of a variable to the operation that takes the
// address of the variable or of a part of it.
func (r *pass) addressOf(use inspector.Cursor) (at inspector.Cursor, taken, written bool) {
	for cur := use; ; cur = cur.Parent() {
		parent := cur.Parent()
		switch cur.ParentEdgeKind() {
		case edge.ParenExpr_X:
			continue
		case edge.SelectorExpr_X:
			sel := r.TypesInfo.Selections[parent.Node().(*ast.SelectorExpr)]
			if sel == nil {
				return cur, false, false
			}
			if sel.Kind() == types.FieldVal {
				if isPointer(sel.Recv()) || throughPointer(sel) {
					return cur, false, false // of what it points to
				}
				continue
			}
			if sel.Kind() != types.MethodVal || throughPointer(sel) || types.IsInterface(sel.Recv()) {
				return cur, false, false
			}
			recv := sel.Obj().(*types.Func).Signature().Recv()
			implicit := isPointer(recv.Type()) && !isPointer(sel.Recv())
			return cur, implicit, false
		case edge.IndexExpr_X:
			if _, ok := r.TypesInfo.TypeOf(cur.Node().(ast.Expr)).Underlying().(*types.Array); ok {
				continue
			}
			return cur, false, false
		case edge.SliceExpr_X:
			_, ok := r.TypesInfo.TypeOf(cur.Node().(ast.Expr)).Underlying().(*types.Array)
			return parent, ok, false
		case edge.UnaryExpr_X:
			return parent, parent.Node().(*ast.UnaryExpr).Op == token.AND, false
		case edge.AssignStmt_Lhs, edge.IncDecStmt_X, edge.RangeStmt_Key, edge.RangeStmt_Value:
			return cur, false, true
		}
		return cur, false, false
	}
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// throughPointer reports whether the selection goes through an embedded pointer.
func throughPointer(sel *types.Selection) bool {
	t := sel.Recv()
	for i, index := range sel.Index() {
		if i > 0 && isPointer(t) {
			return true
		}
		s, ok := lint.Deref(t).Underlying().(*types.Struct)
		if !ok || index >= s.NumFields() || i == len(sel.Index())-1 {
			return false
		}
		t = s.Field(index).Type()
	}
	return false
}

// rare reports whether all places lie where the loop is left.
func (r *pass) rare(places []inspector.Cursor, loop *ast.RangeStmt) bool {
	for _, at := range places {
		p := r.hot.At(at.Node())
		if p.InLoop() && p.Cause == loop || !leaves(at, loop) {
			return false
		}
	}
	return true
}

// waits reports whether all places are in calls that get a context as well: those wait for others,
// such as a database, and a copy is nothing beside that.
func (r *pass) waits(places []inspector.Cursor) bool {
	return !slices.ContainsFunc(places, func(at inspector.Cursor) bool {
		if at.ParentEdgeKind() == edge.SelectorExpr_X { // the receiver of a method
			at = at.Parent()
		}
		if kind := at.ParentEdgeKind(); kind != edge.CallExpr_Fun && kind != edge.CallExpr_Args {
			return true
		}
		return !slices.ContainsFunc(at.Parent().Node().(*ast.CallExpr).Args, func(arg ast.Expr) bool {
			t := r.TypesInfo.TypeOf(arg)
			return t != nil && lint.IsNamed(t, "context", "Context")
		})
	})
}

// leaves reports whether the statements around c, inside the loop, end by leaving it.
func leaves(c inspector.Cursor, loop ast.Node) bool {
	for cur := range c.Enclosing() {
		var list []ast.Stmt
		switch n := cur.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if n == loop {
				return false
			}
			continue
		case *ast.BlockStmt:
			list = n.List
			if cur.Parent().Node() == loop {
				return false
			}
		case *ast.CaseClause:
			list = n.Body
		default:
			continue
		}
		if len(list) == 0 {
			continue
		}
		switch last := list[len(list)-1].(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			if _, isBlock := cur.Node().(*ast.BlockStmt); last.Tok == token.BREAK && last.Label == nil && isBlock {
				return innermost(cur, loop)
			}
		}
	}
	return false
}

// innermost reports whether a break in the block at c leaves the loop.
func innermost(c inspector.Cursor, loop ast.Node) bool {
	for cur := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.TypeSwitchStmt)(nil), (*ast.SelectStmt)(nil)) {
		return cur.Node() == loop
	}
	return false
}

// element returns how to write the element of the slice or array in place of the
// range variable; "" if that is not possible.
func (r *pass) element(loop *ast.RangeStmt) string {
	xs := path(loop.X)
	if xs == "" {
		return ""
	}
	t := r.TypesInfo.TypeOf(loop.X)
	switch u := t.Underlying().(type) {
	case *types.Slice:
	case *types.Pointer:
		if _, ok := u.Elem().Underlying().(*types.Array); !ok {
			return ""
		}
	default:
		return "" // range over an array variable works on a copy of it
	}
	// The elements must still be there, and the same, when the pointer is used.
	for c := range r.function(loop).Preorder((*ast.AssignStmt)(nil), (*ast.IncDecStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if r.changes(lhs, loop, n) {
					return ""
				}
			}
		case *ast.IncDecStmt:
			if r.changes(n.X, loop, n) {
				return ""
			}
		}
	}
	i := "i"
	if key, ok := loop.Key.(*ast.Ident); ok && key.Name != "_" {
		i = key.Name
	}
	return xs + "[" + i + "]"
}

// changes reports whether an assignment to lhs changes the elements that the loop
// ranges over, or, inside the loop, the variable that holds them.
func (r *pass) changes(lhs ast.Expr, loop *ast.RangeStmt, stmt ast.Stmt) bool {
	root, of := lint.RootIdent(lhs), lint.RootIdent(loop.X)
	if root == nil || r.TypesInfo.ObjectOf(root) != r.TypesInfo.ObjectOf(of) {
		return false
	}
	if path(lhs) == path(loop.X) || path(lhs) == of.Name {
		return stmt.Pos() > loop.Pos()
	}
	for e := ast.Unparen(lhs); ; {
		switch x := e.(type) {
		case *ast.IndexExpr:
			if path(x.X) == path(loop.X) {
				return true
			}
			e = ast.Unparen(x.X)
		case *ast.SelectorExpr:
			e = ast.Unparen(x.X)
		case *ast.StarExpr:
			e = ast.Unparen(x.X)
		default:
			return false
		}
	}
}

// function returns the innermost function around n.
func (r *pass) function(n ast.Node) inspector.Cursor {
	c, _ := lint.Find(r.root, n)
	for f := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return f
	}
	return c
}

// staysInFunction reports whether a pointer to the element is as good as one to a
// copy: it goes no further than variables of the function that are only read
// through, calls that are known to keep nothing, and, where the function itself made
// the slice, anywhere.
func (r *pass) staysInFunction(a addressed, loop *ast.RangeStmt) bool {
	if r.ownSlice(loop) {
		return true
	}
	for _, at := range a.taken {
		if !r.staysAt(at) {
			return false
		}
	}
	return true
}

func (r *pass) staysAt(at inspector.Cursor) bool {
	for cur := at; ; cur = cur.Parent() {
		switch cur.ParentEdgeKind() {
		case edge.ParenExpr_X:
			continue
		case edge.CallExpr_Args:
			call := cur.Parent().Node().(*ast.CallExpr)
			if r.TypesInfo.Types[call.Fun].IsType() {
				cur = cur.Parent()
				if !isPointer(r.TypesInfo.TypeOf(call)) && !types.IsInterface(r.TypesInfo.TypeOf(call)) {
					return false
				}
				return r.staysAt(cur)
			}
			return keepsNothing(typeutil.Callee(r.TypesInfo, call))
		case edge.SelectorExpr_X:
			return false // the receiver of a method
		case edge.AssignStmt_Rhs:
			s := cur.Parent().Node().(*ast.AssignStmt)
			if len(s.Lhs) != len(s.Rhs) {
				return false
			}
			id, _ := s.Lhs[cur.ParentEdgeIndex()].(*ast.Ident)
			if id == nil {
				return false
			}
			v, _ := r.TypesInfo.ObjectOf(id).(*types.Var)
			return v != nil && v.Parent() != nil && v.Parent() != r.Pkg.Scope() && r.onlyRead(v)
		}
		return false
	}
}

// onlyRead reports whether the pointer variable is used for nothing but to read
// fields, to compare, and to be assigned.
func (r *pass) onlyRead(v *types.Var) bool {
	for _, use := range r.usesOf(v) {
		switch use.ParentEdgeKind() {
		case edge.BinaryExpr_X, edge.BinaryExpr_Y, edge.AssignStmt_Lhs, edge.StarExpr_X:
			continue
		case edge.SelectorExpr_X:
			sel := r.TypesInfo.Selections[use.Parent().Node().(*ast.SelectorExpr)]
			if sel == nil || sel.Kind() == types.MethodVal && isPointer(sel.Obj().(*types.Func).Signature().Recv().Type()) {
				return false
			}
			if _, taken, written := r.addressOf(use.Parent()); taken || written {
				return false
			}
			continue
		case edge.AssignStmt_Rhs:
			s := use.Parent().Node().(*ast.AssignStmt)
			if id, ok := s.Lhs[min(use.ParentEdgeIndex(), len(s.Lhs)-1)].(*ast.Ident); ok && len(s.Lhs) == len(s.Rhs) {
				if w, ok := r.TypesInfo.ObjectOf(id).(*types.Var); ok && (w == v || w.Parent() != nil && w.Parent() != r.Pkg.Scope() && r.onlyReadDirect(w)) {
					continue
				}
			}
		}
		return false
	}
	return true
}

// onlyReadDirect is onlyRead for a variable that v is copied to, one step only.
func (r *pass) onlyReadDirect(v *types.Var) bool {
	for _, use := range r.usesOf(v) {
		switch use.ParentEdgeKind() {
		case edge.BinaryExpr_X, edge.BinaryExpr_Y, edge.AssignStmt_Lhs, edge.StarExpr_X:
		case edge.SelectorExpr_X:
			sel := r.TypesInfo.Selections[use.Parent().Node().(*ast.SelectorExpr)]
			if sel == nil || sel.Kind() != types.FieldVal {
				return false
			}
			if _, taken, written := r.addressOf(use.Parent()); taken || written {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// ownSlice reports whether the slice is a variable of the function that holds the
// result of a call and is otherwise only ranged over, indexed and measured.
func (r *pass) ownSlice(loop *ast.RangeStmt) bool {
	id, ok := ast.Unparen(loop.X).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := r.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.Parent() == nil || v.Parent() == r.Pkg.Scope() {
		return false
	}
	def, ok := r.definition(v)
	if !ok {
		return false
	}
	if _, ok := ast.Unparen(def).(*ast.CallExpr); !ok {
		return false
	}
	for _, use := range r.usesOf(v) {
		switch use.ParentEdgeKind() {
		case edge.RangeStmt_X, edge.IndexExpr_X:
			continue
		case edge.CallExpr_Args:
			if b, ok := typeutil.Callee(r.TypesInfo, use.Parent().Node().(*ast.CallExpr)).(*types.Builtin); ok && (b.Name() == "len" || b.Name() == "cap") {
				continue
			}
		}
		return false
	}
	return true
}

// definition returns the expression that the declaration of v assigns to it,
// which may have several results.
func (r *pass) definition(v *types.Var) (ast.Expr, bool) {
	c, ok := r.root.FindByPos(v.Pos(), v.Pos()+token.Pos(len(v.Name())))
	if !ok {
		return nil, false
	}
	for cur := range c.Enclosing((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				return nil, false
			}
			for i, lhs := range n.Lhs {
				if lhs.Pos() == v.Pos() {
					return n.Rhs[min(i, len(n.Rhs)-1)], true
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if name.Pos() == v.Pos() && len(n.Values) > 0 {
					return n.Values[min(i, len(n.Values)-1)], true
				}
			}
		}
		break
	}
	return nil, false
}

// keepsNothing reports whether obj is known not to keep the pointers it is given,
// nor to change what they point to in a way that matters.
func keepsNothing(obj types.Object) bool {
	return lint.IsFunc(obj, "sort", "Sort", "Stable", "IsSorted", "Slice", "SliceStable") ||
		lint.IsFunc(obj, "encoding/json", "Marshal", "MarshalIndent") ||
		lint.IsMethod(obj, "encoding/json", "Encoder", "Encode") ||
		lint.IsFunc(obj, "encoding/xml", "Marshal", "MarshalIndent") ||
		lint.IsMethod(obj, "encoding/xml", "Encoder", "Encode") ||
		lint.IsMethod(obj, "encoding/gob", "Encoder", "Encode") ||
		lint.IsFunc(obj, "encoding/binary", "Write") ||
		lint.IsFunc(obj, "reflect", "DeepEqual") ||
		lint.IsFunc(obj, "fmt", "Fprint", "Fprintf", "Fprintln", "Sprint", "Sprintf", "Sprintln", "Print", "Printf", "Println")
}
