package prealloc

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/heapvet/heapvet/lint"
)

// A sum is a number of iterations before it is written down: terms to add,
// terms to subtract, and a constant.
type sum struct {
	plus, minus []term
	c           int64
}

// A term is an expression that is not itself a sum.
type term struct {
	bound
	typ      types.Type
	negative bool // its value may be negative
}

// add returns s + sign*t, without terms that cancel out.
func (s sum) add(t sum, sign int64) sum {
	r := sum{slices.Clone(s.plus), slices.Clone(s.minus), s.c + sign*t.c}
	plus, minus := t.plus, t.minus
	if sign < 0 {
		plus, minus = minus, plus
	}
	put := func(list, other *[]term, terms []term) {
		for _, t := range terms {
			same := func(u term) bool { return u.text == t.text && types.Identical(u.typ, t.typ) }
			if i := slices.IndexFunc(*other, same); i >= 0 {
				*other = slices.Delete(*other, i, i+1)
			} else {
				*list = append(*list, t)
			}
		}
	}
	put(&r.plus, &r.minus, plus)
	put(&r.minus, &r.plus, minus)
	return r
}

// nonNegative reports whether the sum cannot be less than zero, by its terms alone.
func (s sum) nonNegative() bool {
	return len(s.minus) == 0 && s.c >= 0 && !slices.ContainsFunc(s.plus, func(t term) bool { return t.negative })
}

func (s sum) terms() []term { return append(slices.Clone(s.plus), s.minus...) }

// sum splits an integer expression into terms that may be evaluated before the
// loop. A variable that the loop declares is replaced by what it is set to.
func (l *loop) sum(e ast.Expr) (sum, bool) {
	e = ast.Unparen(e)
	if v := l.info.Types[e].Value; v != nil {
		n, ok := constant.Int64Val(constant.ToInt(v))
		return sum{c: n}, ok
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if e.Op == token.ADD || e.Op == token.SUB {
			x, ok1 := l.sum(e.X)
			y, ok2 := l.sum(e.Y)
			sign := int64(1)
			if e.Op == token.SUB {
				sign = -1
			}
			return x.add(y, sign), ok1 && ok2
		}
	case *ast.CallExpr:
		if l.widens(e) {
			return l.sum(e.Args[0])
		}
	case *ast.Ident:
		if v, ok := l.info.Uses[e].(*types.Var); ok && l.within(v.Pos()) && v.Pos() < l.body.Pos() {
			if value := l.onlyValue(v); value != nil {
				return l.sum(value)
			}
			return sum{}, false
		}
	}
	if b, ok := l.number(e); ok {
		if b.n >= 0 {
			return sum{c: b.n}, true
		}
		return sum{plus: []term{{bound: b, typ: types.Typ[types.Int]}}}, true
	}
	if b, ok := l.asks(e); ok {
		return sum{plus: []term{{bound: b, typ: types.Typ[types.Int]}}}, true
	}
	t := term{bound: bound{text: compact(e), n: -1, plain: true, counted: true}, typ: l.info.TypeOf(e)}
	basic, ok := t.typ.Underlying().(*types.Basic)
	if !ok || basic.Info()&types.IsInteger == 0 || !l.pure(e, &t.bound) || !l.trusts(e) {
		return sum{}, false
	}
	_, isBinary := e.(*ast.BinaryExpr)
	t.atom = !isBinary
	t.negative = basic.Info()&types.IsUnsigned == 0 && !l.countsUp(e)
	return sum{plus: []term{t}}, true
}

// compact is types.ExprString without the spaces around operators.
func compact(e ast.Expr) string {
	if b, ok := e.(*ast.BinaryExpr); ok {
		return compact(b.X) + b.Op.String() + compact(b.Y)
	}
	return types.ExprString(e)
}

// widens reports whether the call converts an integer to a type that holds all
// its values, or a length to one that holds any that a loop could count to.
func (l *loop) widens(call *ast.CallExpr) bool {
	if len(call.Args) != 1 || !l.info.Types[call.Fun].IsType() {
		return false
	}
	to, ok1 := l.info.TypeOf(call).Underlying().(*types.Basic)
	from, ok2 := l.info.TypeOf(call.Args[0]).Underlying().(*types.Basic)
	if !ok1 || !ok2 || to.Info()&from.Info()&types.IsInteger == 0 {
		return false
	}
	_, isLength := l.number(call.Args[0])
	return width(to) >= width(from) || isLength && width(to) >= 4
}

func width(t *types.Basic) int {
	switch t.Kind() {
	case types.Int8, types.Uint8:
		return 1
	case types.Int16, types.Uint16:
		return 2
	case types.Int32, types.Uint32:
		return 4
	}
	return 8
}

// difference returns the bound (hi - less + c) / step, rounded up.
func (l *loop) difference(hi ast.Expr, c, step int64, less ...ast.Expr) (bound, bool) {
	total, ok := l.sum(hi)
	if !ok {
		return bound{}, false
	}
	for _, e := range less {
		part, ok := l.sum(e)
		if !ok {
			return bound{}, false
		}
		total = total.add(part, -1)
	}
	total.c += c
	if len(total.plus) == 0 {
		return constBound((max(total.c, 0) + step - 1) / step), len(total.minus) == 0
	}
	rounded := total
	rounded.c += step - 1
	safe := rounded.nonNegative() || l.proves(total)
	for _, t := range total.terms() {
		if !safe && t.typ.Underlying().(*types.Basic).Info()&types.IsUnsigned != 0 {
			return bound{}, false // it would wrap around
		}
	}
	return l.write(total, step, safe)
}

// write puts a sum into words of type int.
func (l *loop) write(s sum, step int64, safe bool) (bound, bool) {
	s.c += step - 1
	b := bound{n: -1, plain: true}
	var text strings.Builder
	put := func(t term, sign string) {
		text.WriteString(sign)
		switch {
		case !isInt(t.typ):
			text.WriteString("int(" + t.text + ")")
		case len(s.plus)+len(s.minus) > 1 || s.c != 0:
			text.WriteString(t.operand())
		default:
			text.WriteString(t.text)
		}
		b.reads(t.bound)
	}
	for i, t := range s.plus {
		sign := "+"
		if i == 0 {
			sign = ""
		}
		put(t, sign)
	}
	for _, t := range s.minus {
		put(t, "-")
	}
	switch {
	case s.c > 0:
		text.WriteString("+" + strconv.FormatInt(s.c, 10))
	case s.c < 0:
		text.WriteString(strconv.FormatInt(s.c, 10))
	}
	b.text = text.String()
	if len(s.plus) == 1 && len(s.minus) == 0 && s.c == 0 {
		t := s.plus[0]
		b.src, b.atom = t.src, t.atom || !isInt(t.typ)
	}
	if step > 1 {
		b.text, b.atom = b.operand()+"/"+strconv.FormatInt(step, 10), false
	}
	b.safe = b.text
	if !safe {
		b.safe = "max(0, " + b.text + ")"
	}
	if strings.Contains(b.text, "int(") {
		if _, ok := l.lookup("int", l.stmt.Pos()).(*types.TypeName); !ok {
			return bound{}, false
		}
	}
	return b, true
}

// forBound understands a loop that counts a variable up or down to a limit by a
// constant step:
//
//	for i := a; i < b; i++
//	for i := n - 1; i >= 0; i--
func (l *loop) forBound(stmt *ast.ForStmt) (bound, bool) {
	if both, ok := stmt.Cond.(*ast.BinaryExpr); ok && both.Op == token.LAND {
		return l.smaller(stmt, both)
	}
	init, ok := stmt.Init.(*ast.AssignStmt)
	if !ok || len(init.Lhs) != len(init.Rhs) {
		return bound{}, false
	}
	i, op, limit, ahead := l.condition(stmt)
	if i == nil {
		return bound{}, false
	}
	var start ast.Expr
	for k, lhs := range init.Lhs {
		if v, field := resolve(l.info, lhs); v == i && field == nil {
			start = init.Rhs[k]
		}
	}
	step := l.step(stmt.Post, i)
	if by := l.stride(stmt.Post, i); by != nil && start != nil && op == token.LSS && ahead == nil &&
		!l.assigned(i, l.body) && !l.changed(limit, l.body) && !l.changed(by, l.body) {
		return l.strides(limit, start, by)
	}
	if start == nil || step == 0 || l.assigned(i, l.body) || l.changed(limit, l.body) {
		return bound{}, false
	}
	less := []ast.Expr{start}
	if ahead != nil {
		if step < 0 || op == token.NEQ || l.changed(ahead, l.body) {
			return bound{}, false
		}
		less = append(less, ahead)
	}
	switch {
	case step > 0 && op == token.LSS:
		return l.difference(limit, 0, step, less...)
	case step > 0 && op == token.LEQ:
		return l.difference(limit, 1, step, less...)
	case step < 0 && op == token.GTR:
		return l.difference(start, 0, -step, limit)
	case step < 0 && op == token.GEQ:
		return l.difference(start, 1, -step, limit)
	case step == 1 && op == token.NEQ:
		b, ok := l.difference(limit, 0, 1, start)
		return b, ok && b.safe == b.text
	}
	return bound{}, false
}

// counter returns the variable that a for loop counts with, or nil.
func (l *loop) counter(stmt *ast.ForStmt) *types.Var {
	i, _, _, _ := l.condition(stmt)
	return i
}

// condition returns the counter of a for loop, what it is compared with, and what
// is added to it before, if anything:
//
//	i+ahead < limit
func (l *loop) condition(stmt *ast.ForStmt) (i *types.Var, op token.Token, limit, ahead ast.Expr) {
	cond, ok := stmt.Cond.(*ast.BinaryExpr)
	if ok && cond.Op == token.LAND {
		cond, ok = ast.Unparen(cond.X).(*ast.BinaryExpr)
	}
	if !ok {
		return nil, 0, nil, nil
	}
	counter := func(e ast.Expr) *types.Var {
		v, field := resolve(l.info, e)
		if v == nil || field != nil || l.step(stmt.Post, v) == 0 && l.stride(stmt.Post, v) == nil {
			return nil
		}
		return v
	}
	if i := counter(cond.X); i != nil {
		return i, cond.Op, cond.Y, nil
	}
	if sum, ok := ast.Unparen(cond.X).(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		if i := counter(sum.X); i != nil {
			return i, cond.Op, cond.Y, sum.Y
		}
	}
	return counter(cond.Y), lint.Mirrored(cond.Op), cond.X, nil
}

// step returns the constant by which the statement changes i, or 0.
func (l *loop) step(post ast.Stmt, i *types.Var) int64 {
	switch post := post.(type) {
	case *ast.IncDecStmt:
		if v, field := resolve(l.info, post.X); v != i || field != nil {
			return 0
		}
		if post.Tok == token.INC {
			return 1
		}
		return -1
	case *ast.AssignStmt:
		if len(post.Lhs) != 1 || post.Tok != token.ADD_ASSIGN && post.Tok != token.SUB_ASSIGN {
			return 0
		}
		if v, field := resolve(l.info, post.Lhs[0]); v != i || field != nil {
			return 0
		}
		if c := l.info.Types[post.Rhs[0]].Value; c != nil {
			if k, ok := constant.Int64Val(constant.ToInt(c)); ok && k > 0 {
				if post.Tok == token.SUB_ASSIGN {
					k = -k
				}
				return k
			}
		}
	}
	return 0
}
