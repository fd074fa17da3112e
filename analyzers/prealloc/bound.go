package prealloc

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// A bound is how often a loop runs, as an expression that is valid just before
// the loop and has no effects.
type bound struct {
	text    string
	safe    string       // text, made sure not to be negative
	n       int64        // the value of a constant bound, else -1
	atom    bool         // text needs no parentheses as an operand
	product bool         // text needs none as a factor
	sum     bool         // safe does
	vars    []*types.Var // variables and fields it reads
	plain   bool         // it reads local variables only, not through pointers or fields
	counted bool         // it reads numbers other than lengths and constants
	src     ast.Expr     // what is ranged over, or nil
	call    bool         // that is a call, which must not be made a second time
	unsafe  bool         // to evaluate it may panic where the loop does not
}

func constBound(n int64) bound {
	text := strconv.FormatInt(n, 10)
	return bound{text: text, safe: text, n: n, atom: true, plain: true}
}

// iterations returns the bound of the loop.
func (l *loop) iterations() (bound, bool) {
	switch stmt := l.stmt.(type) {
	case *ast.RangeStmt:
		return l.rangeBound(stmt)
	case *ast.ForStmt:
		return l.forBound(stmt)
	}
	return bound{}, false
}

func (l *loop) rangeBound(stmt *ast.RangeStmt) (bound, bool) {
	x := ast.Unparen(stmt.X)
	t := l.info.TypeOf(x)
	if t == nil {
		return bound{}, false
	}
	switch u := under(t).(type) {
	case *types.Basic:
		if u.Info()&types.IsInteger != 0 {
			return l.difference(x, 0, 1)
		}
		return l.length(x)
	case *types.Signature:
		// An iterator is bounded by what it walks over.
		call, ok := x.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 {
			return bound{}, false
		}
		fn := typeutil.Callee(l.info, call)
		if lint.IsFunc(fn, "maps", "Keys", "Values", "All") || lint.IsFunc(fn, "slices", "Values", "All", "Backward") {
			return l.length(call.Args[0])
		}
		return bound{}, false
	case *types.Map:
		b, ok := l.lengthOnce(x)
		return b, ok && (b.call || !l.changed(x, l.body))
	}
	return l.lengthOnce(x)
}

// length returns len(x).
func (l *loop) length(x ast.Expr) (bound, bool) {
	x = ast.Unparen(x)
	t := l.info.TypeOf(x)
	if t == nil || !l.builtin("len") {
		return bound{}, false
	}
	if v := l.info.Types[x].Value; v != nil && v.Kind() == constant.String {
		return constBound(int64(len(constant.StringVal(v)))), true
	}
	if n, ok := l.cut(x); ok {
		return constBound(n), true
	}
	switch u := under(lint.Deref(t)).(type) {
	case *types.Array:
		return constBound(u.Len()), true
	case *types.Basic:
		if u.Info()&types.IsString == 0 {
			return bound{}, false
		}
	case *types.Slice, *types.Map:
		if lit, ok := x.(*ast.CompositeLit); ok {
			for _, e := range lit.Elts {
				if _, keyed := e.(*ast.KeyValueExpr); keyed && !isMap(t) {
					return bound{}, false
				}
			}
			return constBound(int64(len(lit.Elts))), true
		}
		// range []byte(s) walks over the bytes of s
		if call, ok := x.(*ast.CallExpr); ok && len(call.Args) == 1 && l.info.Types[call.Fun].IsType() && lint.IsBytes(t) {
			return l.length(call.Args[0])
		}
	default:
		return bound{}, false // channels, functions, pointers
	}
	b := bound{n: -1, atom: true, plain: true, src: x}
	if !l.pure(x, &b) {
		return bound{}, false
	}
	b.text = "len(" + types.ExprString(x) + ")"
	b.safe = b.text
	return b, true
}

// under returns the underlying type of t, for a type parameter that of all its arguments.
func under(t types.Type) types.Type {
	u := t.Underlying()
	if _, ok := types.Unalias(t).(*types.TypeParam); !ok {
		return u
	}
	if i := u.(*types.Interface); i.NumEmbeddeds() == 1 {
		switch e := i.EmbeddedType(0).(type) {
		case *types.Union:
			if e.Len() == 1 {
				return e.Term(0).Type().Underlying()
			}
		default:
			if _, ok := e.Underlying().(*types.Interface); !ok {
				return e.Underlying()
			}
		}
	}
	return u
}

// number returns the bound that is the number e, if e is built of lengths and constants.
func (l *loop) number(e ast.Expr) (bound, bool) {
	e = ast.Unparen(e)
	if v := l.info.Types[e].Value; v != nil {
		n, ok := constant.Int64Val(constant.ToInt(v))
		return constBound(n), ok && n >= 0
	}
	switch e := e.(type) {
	case *ast.Ident:
		v, ok := l.info.Uses[e].(*types.Var)
		if !ok || !isInt(v.Type()) {
			return bound{}, false
		}
		// A variable that is set once, to a length.
		value := l.onlyValue(v)
		if value == nil {
			return bound{}, false
		}
		if b, ok := l.number(value); !ok {
			return bound{}, false
		} else if b.n >= 0 {
			return b, true
		}
		if l.within(v.Pos()) {
			return l.number(value) // declared by the loop itself
		}
		return bound{text: e.Name, safe: e.Name, n: -1, atom: true, vars: []*types.Var{v}, plain: true}, true
	case *ast.CallExpr:
		if isBuiltin(l.info, e.Fun, "len") && len(e.Args) == 1 {
			return l.length(e.Args[0])
		}
		if isBuiltin(l.info, e.Fun, "min", "max") && isInt(l.info.TypeOf(e)) {
			b := bound{text: types.ExprString(e), n: -1, atom: true, plain: true}
			b.safe = b.text
			for _, arg := range e.Args {
				x, ok := l.number(arg)
				if !ok {
					return bound{}, false
				}
				b.reads(x)
			}
			return b, true
		}
	case *ast.BinaryExpr:
		x, ok1 := l.number(e.X)
		y, ok2 := l.number(e.Y)
		if !ok1 || !ok2 {
			return bound{}, false
		}
		switch e.Op {
		case token.ADD:
			return x.plus(y), true
		case token.MUL:
			return x.times(y), true
		case token.QUO:
			if y.n > 0 {
				b := bound{text: x.operand() + "/" + y.text, n: -1}
				b.safe, b.vars, b.plain = b.text, x.vars, x.plain
				return b, true
			}
		}
	}
	return bound{}, false
}

func isInt(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Int && types.Unalias(t) == b
}

func (b bound) operand() string {
	if b.atom {
		return b.text
	}
	return "(" + b.text + ")"
}

// reads notes in b that it reads what c reads.
func (b *bound) reads(c bound) {
	b.vars = append(b.vars[:len(b.vars):len(b.vars)], c.vars...)
	b.plain = b.plain && c.plain
	b.counted = b.counted || c.counted
	b.call = b.call || c.call
	b.unsafe = b.unsafe || c.unsafe
}

func (b bound) plus(c bound) bound {
	switch {
	case b.n >= 0 && c.n >= 0:
		return constBound(b.n + c.n)
	case c.n == 0:
		return b
	case b.n == 0:
		return c
	}
	sum := bound{text: b.text + "+" + c.text, safe: b.safe + "+" + c.safe, n: -1, plain: true, sum: true}
	sum.reads(b)
	sum.reads(c)
	return sum
}

func (b bound) times(c bound) bound {
	switch {
	case b.n >= 0 && c.n >= 0:
		return constBound(b.n * c.n)
	case c.n == 1:
		return b
	case b.n == 1:
		return c
	}
	factor := func(b bound) string {
		if b.product {
			return b.text
		}
		return b.operand()
	}
	safe := func(b bound) string {
		switch {
		case b.safe == b.text:
			return factor(b)
		case b.sum:
			return "(" + b.safe + ")"
		}
		return b.safe // a call of max, or a product of them
	}
	product := bound{text: factor(b) + "*" + factor(c), safe: safe(b) + "*" + safe(c), n: -1, product: true, plain: true, src: b.src}
	product.reads(b)
	product.reads(c)
	return product
}

func (l *loop) isConst(e ast.Expr, n int64) bool {
	v := l.info.Types[e].Value
	return v != nil && v.Kind() == constant.Int && constant.Compare(v, token.EQL, constant.MakeInt64(n))
}

// pure reports whether e has no effects and may be evaluated again; it notes in
// b what e reads.
func (l *loop) pure(e ast.Expr, b *bound) bool {
	if e == nil {
		return true
	}
	if tv := l.info.Types[e]; tv.Value != nil {
		return true
	}
	switch e := e.(type) {
	case *ast.Ident:
		v, ok := l.info.Uses[e].(*types.Var)
		if !ok || l.within(v.Pos()) {
			return false
		}
		b.vars = append(b.vars, v)
		b.plain = b.plain && v.Parent() != v.Pkg().Scope()
		return true
	case *ast.ParenExpr:
		return l.pure(e.X, b)
	case *ast.StarExpr:
		b.plain = false
		return l.pure(e.X, b)
	case *ast.SelectorExpr:
		b.plain = false
		if id, ok := e.X.(*ast.Ident); ok {
			if _, ok := l.info.Uses[id].(*types.PkgName); ok {
				v, ok := l.info.Uses[e.Sel].(*types.Var)
				if ok {
					b.vars = append(b.vars, v)
				}
				return ok
			}
		}
		sel := l.info.Selections[e]
		if sel == nil || sel.Kind() != types.FieldVal {
			return false
		}
		b.vars = append(b.vars, sel.Obj().(*types.Var))
		return l.pure(e.X, b)
	case *ast.IndexExpr:
		b.plain = false
		return l.info.Types[e.X].IsValue() && l.pure(e.X, b) && l.pure(e.Index, b)
	case *ast.SliceExpr:
		b.plain = false
		return l.pure(e.X, b) && l.pure(e.Low, b) && l.pure(e.High, b) && l.pure(e.Max, b)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.ADD, token.SUB, token.MUL, token.QUO, token.REM, token.SHL, token.SHR, token.AND:
			return l.pure(e.X, b) && l.pure(e.Y, b)
		}
	case *ast.CallExpr:
		if !isBuiltin(l.info, e.Fun, "len", "min", "max") && !l.widens(e) {
			return false
		}
		for _, arg := range e.Args {
			if !l.pure(arg, b) {
				return false
			}
		}
		return true
	}
	return false
}

// within reports whether pos lies in the loop.
func (l *loop) within(pos token.Pos) bool {
	return l.stmt.Pos() <= pos && pos < l.stmt.End()
}

// builtin reports whether name means the builtin where the loop stands.
func (l *loop) builtin(name string) bool {
	obj := l.lookup(name, l.stmt.Pos())
	_, ok := obj.(*types.Builtin)
	return ok
}

// lookup returns what name means at pos, in the function around the loop.
func (l *loop) lookup(name string, pos token.Pos) types.Object {
	var scope *types.Scope
	switch fn := l.fn.Node().(type) {
	case *ast.FuncDecl:
		scope = l.info.Scopes[fn.Type]
	case *ast.FuncLit:
		scope = l.info.Scopes[fn.Type]
	}
	if scope == nil {
		return nil
	}
	if inner := scope.Innermost(pos); inner != nil {
		scope = inner
	}
	_, obj := scope.LookupParent(name, pos)
	return obj
}
