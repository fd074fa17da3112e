package prealloc

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// An origin is how the target comes to be empty.
type origin struct {
	id    *ast.Ident // the identifier that declares the variable
	decl  ast.Stmt   // the statement that does; nil for a result of the function
	empty ast.Expr   // what makes it empty but not nil: []T{}, make([]T, 0), map[K]V{}; else nil
	known bool       // nothing can have filled it before; false for a field of a parameter
	reset token.Pos  // the end of the statement before the loop that empties it, if there is one
	begun int        // how many elements are in it before the loop
	room  int64      // that it is made with, too little
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
	if l.reset(t) != nil {
		o.known = true
		return o, true
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
			if t.isText {
				return o, isStruct(t.typ()) && (t.field == nil || isStruct(t.v.Type()))
			}
			// A nil map cannot be filled, but a field may be made before the loop.
			return o, !(t.isMap && t.field == nil) && (t.field == nil || isStruct(t.v.Type()))
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
	switch {
	case t.isText:
		return t.field == nil && l.emptyText(value)
	case t.field != nil:
		return l.fieldStartsEmpty(t, value, o)
	}
	if l.emptyValue(t, value) {
		o.empty, o.room = value, l.roomOf(value)
		return true
	}
	if o.begun = l.begins(value); o.begun > 0 {
		return true
	}
	// []T(nil)
	call, ok := value.(*ast.CallExpr)
	return ok && !t.isMap && len(call.Args) == 1 && l.info.Types[call.Fun].IsType() && l.info.Types[call.Args[0]].IsNil()
}

// roomOf returns the constant capacity of a make, 0 if value is none, and -1 if it is not constant.
func (l *loop) roomOf(value ast.Expr) int64 {
	call, ok := value.(*ast.CallExpr)
	if !ok || len(call.Args) != 3 {
		return 0
	}
	if v := l.info.Types[call.Args[2]].Value; v != nil {
		if n, ok := constant.Int64Val(constant.ToInt(v)); ok {
			return n
		}
	}
	return -1
}

// emptyValue reports whether value is a new slice or map with nothing in it, and room
// for a few elements at most.
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
				if v := l.info.Types[value.Args[1]].Value; t.isMap && v != nil {
					n, ok := constant.Int64Val(constant.ToInt(v))
					return ok && n <= mapGroup // no map begins with less
				}
				return l.isConst(value.Args[1], 0)
			case 3:
				n := l.roomOf(value)
				return l.isConst(value.Args[1], 0) && 0 <= n && n <= fewRounds
			}
		}
	}
	return false
}

// fieldStartsEmpty reports whether value is a new struct, or the address of
// one, whose field is left nil, or is made empty.
func (l *loop) fieldStartsEmpty(t *target, value ast.Expr, o *origin) bool {
	switch value := value.(type) {
	case *ast.UnaryExpr:
		return value.Op == token.AND && l.fieldStartsEmpty(t, ast.Unparen(value.X), o)
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
			key, ok := kv.Key.(*ast.Ident)
			if ok && isEmbedded(l.info.Uses[key]) && !ownField(l.info.TypeOf(value), t.field) {
				return false // the field may be one of that
			}
			if !ok || l.info.Uses[key] != t.field || l.info.Types[kv.Value].IsNil() {
				continue
			}
			first := ast.Unparen(kv.Value)
			if !l.emptyValue(t, first) {
				return false
			}
			o.empty, o.room = first, l.roomOf(first)
		}
		return true
	}
	return false
}

// ownField reports whether f is a field of the struct itself, not of one embedded in it.
func ownField(t types.Type, f *types.Var) bool {
	for g := range t.Underlying().(*types.Struct).Fields() {
		if g == f {
			return true
		}
	}
	return false
}

func isEmbedded(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	return ok && v.Embedded()
}

// emptyText reports whether value is a new strings.Builder or bytes.Buffer, or a
// pointer to one, without room for anything.
func (l *loop) emptyText(value ast.Expr) bool {
	switch value := ast.Unparen(value).(type) {
	case *ast.CompositeLit:
		return len(value.Elts) == 0
	case *ast.UnaryExpr:
		return value.Op == token.AND && l.emptyText(value.X)
	case *ast.CallExpr:
		if isBuiltin(l.info, value.Fun, "new") {
			return l.info.Types[value.Args[0]].IsType()
		}
		fn := typeutil.Callee(l.info, value)
		if len(value.Args) != 1 {
			return false
		}
		arg := l.info.Types[value.Args[0]]
		return lint.IsFunc(fn, "bytes", "NewBuffer") && arg.IsNil() ||
			lint.IsFunc(fn, "bytes", "NewBufferString") && arg.Value != nil && constant.StringVal(arg.Value) == ""
	}
	return false
}
