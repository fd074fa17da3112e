package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A loop is a for or range statement in a function.
type loop struct {
	info  *types.Info
	flow  *lazyssa.Program
	cur   inspector.Cursor // of the loop
	stmt  ast.Stmt
	body  *ast.BlockStmt
	fn    inspector.Cursor // the innermost function around it
	sig   *types.Signature
	bound bound
}

func newLoop(info *types.Info, flow *lazyssa.Program, cur inspector.Cursor) *loop {
	l := &loop{info: info, flow: flow, cur: cur}
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

// A target is a slice, map or buffer of text that a loop fills: a variable, or a
// field of one.
type target struct {
	v      *types.Var
	field  *types.Var // nil if the variable itself is filled
	isMap  bool
	isText bool                // a strings.Builder or bytes.Buffer
	first  ast.Node            // the expression that grows it: a call, or the index expression
	grows  map[ast.Node]growth // by that expression
}

// A growth is one place of the loop where the target grows.
type growth struct {
	amount          // elements, keys or bytes
	known  bool     // the amount is
	key    ast.Expr // of a map
	value  ast.Expr
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
		if sel == nil || sel.Kind() != types.FieldVal || !byValue(sel) {
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

// byValue reports whether the field is one of the struct itself, or of structs embedded in it.
func byValue(sel *types.Selection) bool {
	t := sel.Recv()
	for i, index := range sel.Index() {
		if i > 0 && !isStruct(t) {
			return false
		}
		s, ok := lint.Deref(t).Underlying().(*types.Struct)
		if !ok {
			return false
		}
		t = s.Field(index).Type()
	}
	return true
}

// isSlice reports whether the target is a slice.
func (t *target) isSlice() bool { return !t.isMap && !t.isText }

// is reports whether e denotes the target.
func (t *target) is(info *types.Info, e ast.Expr) bool {
	v, field := resolve(info, e)
	return v != nil && v == t.v && field == t.field
}

// targets returns what the body of the loop fills, in source order.
func (l *loop) targets() []*target {
	var list []*target
	add := func(v, field *types.Var, at ast.Node, g growth) {
		if v == nil || v.Parent() == nil || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() {
			return // not a variable of the function
		}
		call, isCall := at.(*ast.CallExpr)
		isText := isCall && !isBuiltin(l.info, call.Fun, "append") && appendsNumber(l.info, call) == 0
		for _, t := range list {
			if t.v == v && t.field == field && t.isMap == !isCall && t.isText == isText {
				t.grows[at] = g
				return
			}
		}
		list = append(list, &target{v: v, field: field, isMap: !isCall, isText: isText, first: at, grows: map[ast.Node]growth{at: g}})
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
					v, field := resolve(l.info, lhs)
					add(v, field, call, growth{})
				} else if idx, ok := ast.Unparen(lhs).(*ast.IndexExpr); ok && isMap(l.info.TypeOf(idx.X)) {
					v, field := resolve(l.info, idx.X)
					add(v, field, idx, growth{amount: fixed(1), known: true, key: idx.Index, value: n.Rhs[i]})
				}
			}
		case *ast.ExprStmt:
			if call, ok := n.X.(*ast.CallExpr); ok {
				v, field := writes(l.info, call)
				add(v, field, call, growth{})
			}
		}
		return true
	})
	return list
}

// measure finds out by how much the loop grows the target at each place.
func (l *loop) measure(t *target) bool {
	for at, g := range t.grows {
		call, ok := at.(*ast.CallExpr)
		switch {
		case !ok:
			continue
		case t.isText:
			g.amount, g.known = l.written(call)
		default:
			g.amount, g.known = l.appended(call)
		}
		if !g.known {
			return false
		}
		t.grows[at] = g
	}
	return true
}

// selfAppend returns rhs if it appends to lhs: lhs = append(lhs, …), or one of the
// functions that append a number of fixed size does.
func selfAppend(info *types.Info, lhs, rhs ast.Expr) *ast.CallExpr {
	call, ok := ast.Unparen(rhs).(*ast.CallExpr)
	if !ok || len(call.Args) < 2 || !isBuiltin(info, call.Fun, "append") && appendsNumber(info, call) == 0 {
		return nil
	}
	v, field := resolve(info, lhs)
	v2, field2 := resolve(info, call.Args[0])
	if v == nil || v != v2 || field != field2 {
		return nil
	}
	return call
}

// appendsNumber returns how many bytes the call appends, if it is one of
// AppendUint16, AppendUint32 and AppendUint64 of package encoding/binary; else 0.
func appendsNumber(info *types.Info, call *ast.CallExpr) int64 {
	fn, ok := typeutil.Callee(info, call).(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != "encoding/binary" || fn.Signature().Recv() == nil {
		return 0
	}
	switch fn.Name() {
	case "AppendUint16":
		return 2
	case "AppendUint32":
		return 4
	case "AppendUint64":
		return 8
	}
	return 0
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
