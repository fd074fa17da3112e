package prealloc

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// An amount is by how much something grows: by a number, by what is the same in
// each iteration, and by what differs from one to the next.
type amount struct {
	n      int64
	rest   *bound // nil for nothing
	varies bool
	always bool // something of it is added in any case, not only between two elements
}

// fixed is the amount of n.
func fixed(n int64) amount { return amount{n: n, always: n > 0} }

func (a amount) plus(b amount) amount {
	sum := amount{n: a.n + b.n, rest: a.rest, varies: a.varies || b.varies, always: a.always || b.always}
	switch {
	case sum.rest == nil:
		sum.rest = b.rest
	case b.rest != nil:
		rest := a.rest.plus(*b.rest)
		sum.rest = &rest
	}
	return sum
}

// times returns the amount of b iterations.
func (a amount) times(b bound) amount {
	if a.n == 0 && a.rest == nil {
		return a
	}
	product := amountOf(b.times(a.bound()))
	product.varies, product.always = a.varies, a.always
	return product
}

func amountOf(b bound) amount {
	if b.n >= 0 {
		return fixed(b.n)
	}
	return amount{rest: &b, always: true}
}

// bound is the part of the amount that is known.
func (a amount) bound() bound {
	if a.rest == nil {
		return constBound(a.n)
	}
	return a.rest.plus(constBound(a.n))
}

func (a amount) same(b amount) bool { return a.n == b.n && a.sameRest(b) }

func (a amount) sameRest(b amount) bool {
	if a.varies != b.varies || (a.rest == nil) != (b.rest == nil) {
		return false
	}
	return a.rest == nil || a.rest.text == b.rest.text
}

// larger returns the larger amount of the two, if the source shows which it is.
func (a amount) larger(b amount) (amount, bool) {
	always := a.always && b.always
	switch {
	case a.sameRest(b), b.rest == nil && !b.varies && a.n >= b.n:
		a.n = max(a.n, b.n)
	case a.rest == nil && !a.varies && b.n >= a.n:
		a = b
	default:
		return amount{}, false
	}
	a.always = always
	return a, true
}

// appended returns by how many elements the call of append grows its slice.
func (l *loop) appended(call *ast.CallExpr) (amount, bool) {
	if n := appendsNumber(l.info, call); n > 0 {
		return fixed(n), true
	}
	if !call.Ellipsis.IsValid() {
		return fixed(int64(len(call.Args) - 1)), true
	}
	if a, ok := l.fixedLength(call.Args[1]); ok {
		return a, true
	}
	return amount{varies: true, always: true}, l.plainlyRead(call.Args[1])
}

// ofElement reports whether e reads something that the loop declares.
func (l *loop) ofElement(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return !found
		}
		v, ok := l.info.Uses[id].(*types.Var)
		found = found || ok && !v.IsField() && l.within(v.Pos())
		return !found
	})
	return found
}

// fixedLength returns len(x), if it is the same in each iteration.
func (l *loop) fixedLength(x ast.Expr) (amount, bool) {
	b, ok := l.length(x)
	if !ok || l.changed(x, l.body) {
		return amount{}, false
	}
	for _, v := range b.vars {
		if l.within(v.Pos()) || l.assignedAny(v, l.body) {
			return amount{}, false
		}
	}
	return amountOf(b), true
}

// written returns by how many bytes the method call grows the text that it is
// called on.
func (l *loop) written(call *ast.CallExpr) (amount, bool) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(call.Args) != 1 {
		return amount{}, false
	}
	arg := ast.Unparen(call.Args[0])
	switch sel.Sel.Name {
	case "WriteByte":
		return fixed(1), true
	case "WriteRune":
		if v := l.info.Types[arg].Value; v != nil {
			r, ok := constant.Int64Val(constant.ToInt(v))
			return fixed(int64(len(string(rune(r))))), ok
		}
		// A loop over a string of n bytes has n bytes of runes.
		stmt, ok := l.stmt.(*ast.RangeStmt)
		if !ok || stmt.Value == nil || !lint.IsString(l.info.TypeOf(stmt.X)) {
			return amount{}, false
		}
		v, field := resolve(l.info, arg)
		return fixed(1), v != nil && field == nil && v == rangeVar(l.info, stmt.Value) && !l.assigned(v, l.body)
	case "WriteString", "Write":
		if a, ok := l.fixedLength(arg); ok {
			return a, true
		}
		return amount{varies: true, always: true}, l.plainlyRead(arg)
	}
	return amount{}, false
}

// plainlyRead reports whether e is an element of the loop or a field of one, so
// that its length can be asked for in a loop before this one.
func (l *loop) plainlyRead(e ast.Expr) bool {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			v, ok := l.info.Uses[x].(*types.Var)
			if !ok {
				return false
			}
			if !l.within(v.Pos()) {
				return !l.assigned(v, l.body)
			}
			stmt := l.walks(v)
			switch {
			case stmt == nil || l.assigned(v, stmt.Body):
				return false
			case stmt == l.stmt:
				return true
			}
			e = stmt.X // an element of an element
		case *ast.SelectorExpr:
			if sel := l.info.Selections[x]; sel == nil || sel.Kind() != types.FieldVal {
				return false
			}
			e = x.X
		case *ast.IndexExpr:
			var b bound
			if !l.pureHere(x.Index, &b) {
				return false
			}
			e = x.X
		default:
			return false
		}
	}
}

// walks returns the range statement, the loop or one in it, that sets v.
func (l *loop) walks(v *types.Var) (found *ast.RangeStmt) {
	ast.Inspect(l.stmt, func(n ast.Node) bool {
		stmt, ok := n.(*ast.RangeStmt)
		if ok && (v == rangeVar(l.info, stmt.Key) || v == rangeVar(l.info, stmt.Value)) {
			found = stmt
		}
		return found == nil
	})
	return found
}

// spreads reports whether the loop does nothing but append, to the target, what is in the
// elements: who adds up the lengths first has to walk over them twice, which is simple
// only then.
func (l *loop) spreads(t *target, body *ast.BlockStmt) bool {
	for _, stmt := range body.List {
		switch stmt := stmt.(type) {
		case *ast.AssignStmt:
			if len(stmt.Rhs) != 1 {
				return false
			}
			if _, ok := t.grows[ast.Unparen(stmt.Rhs[0])]; !ok {
				return false
			}
		case *ast.RangeStmt:
			if !l.spreads(t, stmt.Body) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// pureHere is like pure, in the loop: what the loop declares may be read.
func (l *loop) pureHere(e ast.Expr, b *bound) bool {
	v, field := resolve(l.info, e)
	return v != nil && field == nil && (v == l.counted() || !l.within(v.Pos())) || l.pure(e, b)
}

// counted is the variable that the loop counts with: of a range loop the key.
func (l *loop) counted() *types.Var {
	switch stmt := l.stmt.(type) {
	case *ast.ForStmt:
		return l.counter(stmt)
	case *ast.RangeStmt:
		if stmt.Tok == token.DEFINE && !isMap(l.info.TypeOf(stmt.X)) && !l.iterates("Values", "Keys") {
			return rangeVar(l.info, stmt.Key)
		}
	}
	return nil
}

// isBuffer reports whether t is, or points to, a strings.Builder or bytes.Buffer.
func isBuffer(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	switch named.Obj().Pkg().Path() + "." + named.Obj().Name() {
	case "strings.Builder", "bytes.Buffer":
		return true
	}
	return false
}

// separates reports whether the condition holds in all iterations but one, or in
// all but the first few: what is written under it stands between the elements.
//
//	i > 0    i < len(list)-1    b.Len() > 0    !first
func (l *loop) separates(cond ast.Expr, t *target) bool {
	cond = ast.Unparen(cond)
	if not, ok := cond.(*ast.UnaryExpr); ok && not.Op == token.NOT {
		cond = ast.Unparen(not.X)
	}
	cmp, ok := cond.(*ast.BinaryExpr)
	if !ok {
		return l.latch(cond)
	}
	x, y, op := cmp.X, cmp.Y, cmp.Op
	if l.info.Types[ast.Unparen(x)].Value != nil {
		x, y, op = y, x, lint.Mirrored(op)
	}
	switch op {
	case token.GTR, token.NEQ:
		if l.isConst(y, 0) && (l.countsFromZero(x) || l.lengthOf(x, t)) {
			return true
		}
	case token.GEQ:
		if l.isConst(y, 1) && l.countsFromZero(x) {
			return true
		}
	}
	if op != token.LSS && op != token.NEQ || l.bound.text == "" || l.counted() == nil {
		return false
	}
	// i < n-1 or i+1 < n, where n is the bound of the loop
	offset := int64(0)
	if sum, ok := ast.Unparen(x).(*ast.BinaryExpr); ok && sum.Op == token.ADD && l.isConst(sum.Y, 1) {
		x, offset = sum.X, 1
	}
	if !l.countsFromZero(x) {
		return false
	}
	last, ok := l.sum(y)
	return ok && last.c-offset == -1 && len(last.plus) == 1 && len(last.minus) == 0 && last.plus[0].text == l.bound.text
}

// countsFromZero reports whether e is the counter of the loop, which begins at zero.
func (l *loop) countsFromZero(e ast.Expr) bool {
	v, field := resolve(l.info, e)
	if v == nil || field != nil || v != l.counted() || l.assigned(v, l.body) {
		return false
	}
	if stmt, ok := l.stmt.(*ast.ForStmt); ok {
		init, ok := stmt.Init.(*ast.AssignStmt)
		return ok && len(init.Lhs) == 1 && len(init.Rhs) == 1 && l.isConst(init.Rhs[0], 0)
	}
	return true
}

// lengthOf reports whether e is the length of the target: len(t) or t.Len().
func (l *loop) lengthOf(e ast.Expr, t *target) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	if t.isText {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		return ok && sel.Sel.Name == "Len" && t.is(l.info, sel.X)
	}
	return len(call.Args) == 1 && isBuiltin(l.info, call.Fun, "len") && t.is(l.info, call.Args[0])
}

// latch reports whether e is a local variable from outside of the loop that the
// first iteration sets to a constant, and nothing else in the loop:
//
//	if !first { … }; first = false
//	if first { first = false } else { … }
func (l *loop) latch(e ast.Expr) bool {
	v, field := resolve(l.info, e)
	if v == nil || field != nil || v.Parent() == nil || v.Parent() == v.Pkg().Scope() || l.within(v.Pos()) {
		return false
	}
	sets := func(stmt ast.Stmt) bool {
		assign, ok := stmt.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != 1 || len(assign.Rhs) != 1 || l.info.Types[assign.Rhs[0]].Value == nil {
			return false
		}
		u, field := resolve(l.info, assign.Lhs[0])
		return u == v && field == nil
	}
	n := 0
	for _, stmt := range l.body.List {
		if sets(stmt) {
			n++
		}
		if branch, ok := stmt.(*ast.IfStmt); ok {
			if u, field := resolve(l.info, branch.Cond); u == v && field == nil && slices.ContainsFunc(branch.Body.List, sets) {
				n++
			}
		}
	}
	if n != 1 {
		return false
	}
	ast.Inspect(l.body, func(node ast.Node) bool {
		if stmt, ok := node.(*ast.AssignStmt); ok && l.assigned(v, stmt) {
			n--
		}
		return n >= 0
	})
	return n == 0
}

// writes returns the variable or field whose method the call is, if that is one
// that adds to a strings.Builder or bytes.Buffer.
func writes(info *types.Info, call *ast.CallExpr) (v, field *types.Var) {
	fn, ok := typeutil.Callee(info, call).(*types.Func)
	if !ok {
		return nil, nil
	}
	switch fn.Name() {
	case "Write", "WriteByte", "WriteRune", "WriteString":
	default:
		return nil, nil
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || !isBuffer(info.TypeOf(sel.X)) {
		return nil, nil
	}
	return resolve(info, sel.X)
}
