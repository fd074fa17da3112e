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

// changed reports whether the statements in n may change what the operands of e
// hold: an assignment to one of their variables or fields, its address taken, a
// deletion, or a call that is handed one of them.
func (l *loop) changed(e ast.Expr, n ast.Node) bool {
	vars := make(map[*types.Var]bool)
	simple := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if v, ok := l.info.Uses[n].(*types.Var); ok {
				vars[v] = true
				simple = simple && v.Parent() != v.Pkg().Scope() && !isMap(v.Type())
			}
		case *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr:
			simple = false
		}
		return true
	})
	mentions := func(e ast.Node) bool {
		found := false
		ast.Inspect(e, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if v, ok := l.info.Uses[id].(*types.Var); ok && vars[v] {
					found = true
				}
			}
			return !found
		})
		return found
	}
	// written reports whether an assignment to e sets one of the variables,
	// rather than an element of what it holds.
	written := func(e ast.Expr) bool {
		for {
			switch x := ast.Unparen(e).(type) {
			case *ast.IndexExpr:
				if t := l.info.TypeOf(x.X); t != nil && !isMap(t) && simple {
					return false
				}
				e = x.X
			default:
				return mentions(x)
			}
		}
	}
	bad := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				bad = bad || written(lhs)
			}
		case *ast.IncDecStmt:
			bad = bad || written(n.X)
		case *ast.RangeStmt:
			bad = bad || n.Key != nil && written(n.Key) || n.Value != nil && written(n.Value)
		case *ast.UnaryExpr:
			bad = bad || n.Op == token.AND && written(n.X)
		case *ast.CallExpr:
			if !simple && !isBuiltin(l.info, n.Fun, "len", "cap", "append", "copy", "min", "max") && !l.info.Types[n.Fun].IsType() {
				bad = bad || mentions(n)
			}
		}
		return !bad
	})
	return bad
}

// assigned reports whether v is set, or its address taken, in n.
func (l *loop) assigned(v *types.Var, n ast.Node) bool {
	is := func(e ast.Expr) bool {
		u, field := resolve(l.info, e)
		return u == v && field == nil
	}
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				found = found || is(lhs)
			}
		case *ast.IncDecStmt:
			found = found || is(n.X)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && is(n.X)
		case *ast.RangeStmt:
			found = found || n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value)
		}
		return !found
	})
	return found
}

// onlyValue returns the value of a local variable of the function that is set
// where it is declared and nowhere else, or nil.
func (l *loop) onlyValue(v *types.Var) ast.Expr {
	var value ast.Expr
	sets := 0
	is := func(e ast.Expr) bool {
		u, field := resolve(l.info, e)
		return u == v && field == nil
	}
	ast.Inspect(l.fnBody(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if is(lhs) {
					sets++
					if n.Tok == token.DEFINE && len(n.Lhs) == len(n.Rhs) {
						value = n.Rhs[i]
					}
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if l.info.Defs[name] == v {
					sets++
					if len(n.Values) == len(n.Names) {
						value = n.Values[i]
					}
				}
			}
		case *ast.IncDecStmt:
			if is(n.X) {
				sets++
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND && is(n.X) {
				sets++
			}
		case *ast.RangeStmt:
			if n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value) {
				sets = 2
			}
		}
		return sets < 2
	})
	if sets != 1 {
		return nil
	}
	return value
}

// An origin is how the target comes to be empty.
type origin struct {
	id    *ast.Ident // the identifier that declares the variable
	decl  ast.Stmt   // the statement that does; nil for a result of the function
	empty ast.Expr   // what makes it empty but not nil: []T{}, make([]T, 0), map[K]V{}; else nil
	known bool       // nothing can have filled it before; false for a field of a parameter
	reset token.Pos  // the end of the statement before the loop that empties it, if there is one
}

// origin finds where the target starts empty, in the same function and not
// outside of another loop around this one.
func (l *loop) origin(t *target) (o origin, ok bool) {
	decl, ok := l.fn.FindByPos(t.v.Pos(), t.v.Pos()+token.Pos(len(t.v.Name())))
	if !ok || decl.Node().Pos() >= l.stmt.Pos() {
		return o, false
	}
	o.id, ok = decl.Node().(*ast.Ident)
	if !ok {
		return o, false
	}
	for fn := range decl.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if fn.Node() != l.fn.Node() {
			return o, false
		}
		break
	}
	for around := range l.cur.Parent().Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if around.Node() == l.fn.Node() {
			break
		}
		var body *ast.BlockStmt
		switch n := around.Node().(type) {
		case *ast.ForStmt:
			body = n.Body
		case *ast.RangeStmt:
			body = n.Body
		}
		if o.id.Pos() < body.Pos() {
			return o, false // the loop around runs this one again and again
		}
		break
	}

	o.known = true
	switch decl.ParentEdgeKind() {
	case edge.Field_Names:
		// A result starts as its zero value.
		for i := range l.sig.Results().Len() {
			if l.sig.Results().At(i) == t.v {
				return o, !t.isMap && (t.field == nil || isStruct(t.v.Type()))
			}
		}
		o.known = false // a parameter or receiver: only a field of it may do
		return o, t.field != nil
	case edge.AssignStmt_Lhs:
		stmt := decl.Parent().Node().(*ast.AssignStmt)
		o.decl = stmt
		if stmt.Tok != token.DEFINE || len(stmt.Lhs) != len(stmt.Rhs) {
			return o, false
		}
		ok = l.startsEmpty(t, stmt.Rhs[decl.ParentEdgeIndex()], &o)
		return o, ok
	case edge.ValueSpec_Names:
		spec := decl.Parent().Node().(*ast.ValueSpec)
		o.decl = l.declStmt(decl)
		switch len(spec.Values) {
		case 0:
			return o, !t.isMap && (t.field == nil || isStruct(t.v.Type()))
		case len(spec.Names):
			ok = l.startsEmpty(t, spec.Values[decl.ParentEdgeIndex()], &o)
			return o, ok
		}
	}
	return o, false
}

func (l *loop) declStmt(cur inspector.Cursor) ast.Stmt {
	for c := range cur.Enclosing((*ast.DeclStmt)(nil)) {
		return c.Node().(*ast.DeclStmt)
	}
	return nil
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// startsEmpty reports whether the target is empty, without capacity, in a
// variable initialized with value.
func (l *loop) startsEmpty(t *target, value ast.Expr, o *origin) bool {
	value = ast.Unparen(value)
	if t.field != nil {
		return l.fieldStartsEmpty(t, value)
	}
	if l.emptyValue(t, value) {
		o.empty = value
		return true
	}
	// []T(nil)
	call, ok := value.(*ast.CallExpr)
	return ok && !t.isMap && len(call.Args) == 1 && l.info.Types[call.Fun].IsType() && l.info.Types[call.Args[0]].IsNil()
}

// emptyValue reports whether value is a new slice or map with nothing in it.
func (l *loop) emptyValue(t *target, value ast.Expr) bool {
	switch value := value.(type) {
	case *ast.CompositeLit:
		return len(value.Elts) == 0
	case *ast.CallExpr:
		if isBuiltin(l.info, value.Fun, "make") {
			switch len(value.Args) {
			case 1:
				return t.isMap
			case 2:
				return l.isConst(value.Args[1], 0)
			}
		}
	}
	return false
}

// fieldStartsEmpty reports whether value is a new struct, or the address of
// one, whose field is left nil.
func (l *loop) fieldStartsEmpty(t *target, value ast.Expr) bool {
	if t.isMap {
		return false // a nil map cannot be filled
	}
	switch value := value.(type) {
	case *ast.UnaryExpr:
		return value.Op == token.AND && l.fieldStartsEmpty(t, ast.Unparen(value.X))
	case *ast.CallExpr:
		return isBuiltin(l.info, value.Fun, "new") && l.info.Types[value.Args[0]].IsType()
	case *ast.CompositeLit:
		if !isStruct(l.info.TypeOf(value)) {
			return false
		}
		for _, e := range value.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				return false
			}
			if key, ok := kv.Key.(*ast.Ident); ok && l.info.Uses[key] == t.field && !l.info.Types[kv.Value].IsNil() {
				return false
			}
		}
		return true
	}
	return false
}

// undisturbed reports whether, between its origin and the loop, nothing uses
// the target; whether the loop does nothing with it that a larger capacity
// could change or that hides growth; and whether it does not grow elsewhere.
func (l *loop) undisturbed(t *target, o *origin) bool {
	if stmt := l.reset(t); stmt != nil {
		o.reset, o.known = stmt.End(), true
		if value := stmt.Rhs[0]; !l.info.Types[value].IsNil() {
			o.decl, o.empty = stmt, ast.Unparen(value)
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
			if captured || !l.readByReturn(use) {
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
			if t.isMap && l.fills(use) || l.growsAt(use) != nil {
				return false
			}
		}
	}
	return true
}

// reset returns the statement that empties the target, a field, on the way to
// the loop, such as x.f = nil; or nil.
func (l *loop) reset(t *target) *ast.AssignStmt {
	cur, ok := l.statement()
	if !ok || t.field == nil {
		return nil
	}
	for prev, ok := cur.PrevSibling(); ok; prev, ok = prev.PrevSibling() {
		stmt, ok := prev.Node().(*ast.AssignStmt)
		if !ok || len(stmt.Lhs) != 1 || len(stmt.Rhs) != 1 || !t.is(l.info, stmt.Lhs[0]) {
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
		for around := range use.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
			switch around.Node().(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				// Not the loop that both are in.
				return around.Node().Pos() > l.stmt.Pos()
			}
			break
		}
	}
	return false
}

// growsAt returns the append call if the use after the loop is x = append(x, …),
// or any other append to it.
func (l *loop) growsAt(use inspector.Cursor) *ast.CallExpr {
	if use.ParentEdgeKind() != edge.CallExpr_Args || use.ParentEdgeIndex() != 0 {
		return nil
	}
	call := use.Parent().Node().(*ast.CallExpr)
	if !isBuiltin(l.info, call.Fun, "append") {
		return nil
	}
	return call
}
