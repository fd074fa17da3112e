package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// A loop is a for or range statement in a function.
type loop struct {
	info  *types.Info
	cur   inspector.Cursor // of the loop
	stmt  ast.Stmt
	body  *ast.BlockStmt
	fn    inspector.Cursor // the innermost function around it
	sig   *types.Signature
	bound bound
}

func newLoop(info *types.Info, cur inspector.Cursor) *loop {
	l := &loop{info: info, cur: cur}
	switch n := cur.Node().(type) {
	case *ast.RangeStmt:
		l.stmt, l.body = n, n.Body
	case *ast.ForStmt:
		l.stmt, l.body = n, n.Body
	case *ast.CallExpr:
		l.stmt = &ast.ExprStmt{X: n} // a call that loops
	}
	for fn := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch n := fn.Node().(type) {
		case *ast.FuncLit:
			if l.sig == nil {
				l.fn = fn
				l.sig, _ = info.TypeOf(n).(*types.Signature)
			}
		case *ast.FuncDecl:
			obj, ok := info.Defs[n.Name].(*types.Func)
			if !ok {
				return nil
			}
			if l.sig == nil {
				l.fn, l.sig = fn, obj.Signature()
			}
		}
	}
	if l.sig == nil {
		return nil
	}
	return l
}

// fnBody is the body of the function around the loop.
func (l *loop) fnBody() *ast.BlockStmt {
	switch n := l.fn.Node().(type) {
	case *ast.FuncLit:
		return n.Body
	case *ast.FuncDecl:
		return n.Body
	}
	return nil
}

// A target is a slice or map that a loop fills: a variable, or a field of one.
type target struct {
	v     *types.Var
	field *types.Var // nil if the variable itself is filled
	isMap bool
	first ast.Node            // the expression that grows it: the append call, or the index expression
	grows map[ast.Node]growth // by that expression
}

// A growth is one place of the loop where the target grows.
type growth struct {
	n     int      // by how many elements
	key   ast.Expr // of a map
	value ast.Expr
}

// name is how the source writes the target.
func (t *target) name() string {
	if t.field != nil {
		return t.v.Name() + "." + t.field.Name()
	}
	return t.v.Name()
}

// typ is the type of the target.
func (t *target) typ() types.Type {
	if t.field != nil {
		return t.field.Type()
	}
	return t.v.Type()
}

// resolve returns the variable, and perhaps its field, that e denotes.
func resolve(info *types.Info, e ast.Expr) (v, field *types.Var) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ = info.ObjectOf(e).(*types.Var)
		return v, nil
	case *ast.SelectorExpr:
		sel := info.Selections[e]
		if sel == nil || sel.Kind() != types.FieldVal || len(sel.Index()) != 1 {
			return nil, nil
		}
		id, ok := ast.Unparen(e.X).(*ast.Ident)
		if !ok {
			return nil, nil
		}
		v, _ = info.ObjectOf(id).(*types.Var)
		field, _ = sel.Obj().(*types.Var)
		return v, field
	}
	return nil, nil
}

// is reports whether e denotes the target.
func (t *target) is(info *types.Info, e ast.Expr) bool {
	v, field := resolve(info, e)
	return v != nil && v == t.v && field == t.field
}

// targets returns what the body of the loop fills, in source order.
func (l *loop) targets() []*target {
	var list []*target
	add := func(e ast.Expr, at ast.Node, isMap bool, g growth) {
		v, field := resolve(l.info, e)
		if v == nil || v.Parent() == nil || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() {
			return // not a variable of the function
		}
		for _, t := range list {
			if t.v == v && t.field == field && t.isMap == isMap {
				t.grows[at] = g
				return
			}
		}
		list = append(list, &target{v: v, field: field, isMap: isMap, first: at, grows: map[ast.Node]growth{at: g}})
	}
	ast.Inspect(l.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.AssignStmt:
			if n.Tok != token.ASSIGN || len(n.Lhs) != len(n.Rhs) {
				return true
			}
			for i, lhs := range n.Lhs {
				if call := selfAppend(l.info, lhs, n.Rhs[i]); call != nil {
					k := len(call.Args) - 1
					if call.Ellipsis.IsValid() {
						k = -1 // as many as another slice has
					}
					add(lhs, call, false, growth{n: k})
				} else if idx, ok := ast.Unparen(lhs).(*ast.IndexExpr); ok && isMap(l.info.TypeOf(idx.X)) {
					add(idx.X, idx, true, growth{n: 1, key: idx.Index, value: n.Rhs[i]})
				}
			}
		}
		return true
	})
	return list
}

// selfAppend returns rhs if it appends to lhs: lhs = append(lhs, …).
func selfAppend(info *types.Info, lhs, rhs ast.Expr) *ast.CallExpr {
	call, ok := ast.Unparen(rhs).(*ast.CallExpr)
	if !ok || !isBuiltin(info, call.Fun, "append") || len(call.Args) < 2 {
		return nil
	}
	v, field := resolve(info, lhs)
	v2, field2 := resolve(info, call.Args[0])
	if v == nil || v != v2 || field != field2 {
		return nil
	}
	return call
}

func isBuiltin(info *types.Info, fun ast.Expr, names ...string) bool {
	id, ok := ast.Unparen(fun).(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := info.Uses[id].(*types.Builtin)
	if !ok {
		return false
	}
	for _, name := range names {
		if b.Name() == name {
			return true
		}
	}
	return false
}

func isMap(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// statement returns the cursor of the statement that stands for the loop in a
// list of statements: the loop itself, or its label.
func (l *loop) statement() (inspector.Cursor, bool) {
	cur := l.cur
	for {
		switch cur.ParentEdgeKind() {
		case edge.LabeledStmt_Stmt:
			cur = cur.Parent()
		case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body:
			return cur, true
		default:
			return cur, false
		}
	}
}
