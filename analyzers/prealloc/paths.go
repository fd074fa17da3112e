package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/heapvet/heapvet/lint"
)

// paths is what the ways through one iteration have in common.
type paths struct {
	ok     bool
	each   amount            // that the target grows by in each whole iteration
	nested bool              // in a loop in the loop
	errors []*ast.ReturnStmt // returns of an error, which end the loop early
}

// paths follows every way through an iteration. The result is not ok unless all
// ways that lead to the next iteration grow the target equally, and no way
// leaves the loop early other than with an error or a panic.
func (l *loop) paths(t *target) paths {
	if !l.measure(t) {
		return paths{}
	}
	w := &walker{loop: l, target: t, left: len(t.grows), ok: true}
	if n, falls := w.list(l.body.List, amount{}); falls {
		w.next(n)
	}
	return paths{ok: w.ok && w.left == 0 && w.each.always, each: w.each, nested: w.hasInner, errors: w.errors}
}

type walker struct {
	*loop
	target   *target
	ok       bool
	seen     bool // a way to the next iteration
	each     amount
	left     int // growths not yet met
	hasInner bool
	errors   []*ast.ReturnStmt
	breaks   []*[]amount // amounts at the breaks out of each switch or select around
}

func (w *walker) fail() (amount, bool) {
	w.ok = false
	return amount{}, false
}

// next notes that a way of growth n leads to the next iteration.
func (w *walker) next(n amount) {
	if w.seen && !w.each.same(n) {
		w.ok = false
	}
	w.seen, w.each = true, n
}

func (w *walker) list(list []ast.Stmt, n amount) (amount, bool) {
	for _, stmt := range list {
		if !w.ok {
			return amount{}, false
		}
		var falls bool
		if n, falls = w.stmt(stmt, n); !falls {
			return amount{}, false
		}
	}
	return n, true
}

// stmt returns the growth after the statement, n being that before it, and
// whether the statement after it is reached.
func (w *walker) stmt(stmt ast.Stmt, n amount) (amount, bool) {
	switch stmt := stmt.(type) {
	case *ast.AssignStmt:
		for i := range stmt.Rhs {
			var at ast.Node = ast.Unparen(stmt.Rhs[i])
			if w.target.isMap && i < len(stmt.Lhs) {
				at = ast.Unparen(stmt.Lhs[i])
			}
			if g, ok := w.target.grows[at]; ok {
				w.left--
				n = n.plus(g.amount)
			}
		}
		return n, true
	case *ast.ExprStmt:
		call, ok := stmt.X.(*ast.CallExpr)
		if ok && !w.flow.MayReturn(call) {
			return amount{}, false
		}
		if g, ok := w.target.grows[stmt.X]; ok {
			w.left--
			n = n.plus(g.amount)
		}
		return n, true
	case *ast.BlockStmt:
		return w.list(stmt.List, n)
	case *ast.LabeledStmt:
		return w.stmt(stmt.Stmt, n)
	case *ast.IfStmt:
		n1, falls1 := w.list(stmt.Body.List, n)
		n2, falls2 := n, true
		if stmt.Else != nil {
			n2, falls2 = w.stmt(stmt.Else, n)
		}
		if falls1 && falls2 && !n1.same(n2) {
			n, ok := n1.larger(n2)
			if !ok || w.target.isMap || !w.separates(stmt.Cond, w.target) {
				return w.fail()
			}
			return n, true
		}
		if falls1 {
			return n1, true
		}
		return n2, falls2
	case *ast.SwitchStmt:
		return w.clauses(stmt.Body.List, n, false)
	case *ast.TypeSwitchStmt:
		return w.clauses(stmt.Body.List, n, false)
	case *ast.SelectStmt:
		return w.clauses(stmt.Body.List, n, true)
	case *ast.ForStmt:
		return w.nested(stmt, stmt.Body, n)
	case *ast.RangeStmt:
		return w.nested(stmt, stmt.Body, n)
	case *ast.ReturnStmt:
		return w.leave(stmt)
	case *ast.BranchStmt:
		switch {
		case stmt.Tok == token.CONTINUE && (stmt.Label == nil || w.continues(stmt)):
			w.next(n)
			return amount{}, false
		case stmt.Tok == token.BREAK && stmt.Label == nil && len(w.breaks) > 0:
			exits := w.breaks[len(w.breaks)-1]
			*exits = append(*exits, n)
			return amount{}, false
		}
		return w.fail() // out of the loop, fallthrough or goto
	}
	return n, true
}

// clauses follows the clauses of a switch, or of a select, which always takes one.
func (w *walker) clauses(list []ast.Stmt, n amount, exhaustive bool) (amount, bool) {
	var exits []amount
	w.breaks = append(w.breaks, &exits)
	for _, clause := range list {
		var body []ast.Stmt
		switch clause := clause.(type) {
		case *ast.CaseClause:
			body = clause.Body
			exhaustive = exhaustive || clause.List == nil
		case *ast.CommClause:
			body = clause.Body
		}
		if after, falls := w.list(body, n); falls {
			exits = append(exits, after)
		}
	}
	w.breaks = w.breaks[:len(w.breaks)-1]
	if !exhaustive {
		exits = append(exits, n)
	}
	if len(exits) == 0 {
		return amount{}, false
	}
	for _, after := range exits {
		if !after.same(exits[0]) {
			return w.fail()
		}
	}
	return exits[0], true
}

// nested allows for a loop in the loop that is not left for anywhere but the
// statement after it. If it grows the target, it must do so equally often each time.
func (w *walker) nested(stmt ast.Stmt, body *ast.BlockStmt, n amount) (amount, bool) {
	if w.growsIn(body) {
		return w.product(stmt, body, n)
	}
	ast.Inspect(body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			w.leave(node)
		case *ast.BranchStmt:
			if node.Label != nil && !w.continues(node) || node.Tok == token.GOTO {
				w.ok = false
			} else if w.continues(node) {
				w.next(n)
			}
		}
		return w.ok
	})
	return n, w.ok
}

func (w *walker) growsIn(body *ast.BlockStmt) bool {
	for at := range w.target.grows {
		if body.Pos() <= at.Pos() && at.Pos() < body.End() {
			return true
		}
	}
	return false
}

// product follows a nested loop that grows the target.
func (w *walker) product(stmt ast.Stmt, body *ast.BlockStmt, n amount) (amount, bool) {
	cur, ok := w.cur.FindNode(stmt)
	if !ok {
		return w.fail()
	}
	inner := newLoop(w.info, w.flow, cur)
	b, ok := inner.iterations()
	if !ok || inner.fn.Node() != w.fn.Node() {
		return w.fail()
	}
	inner.bound = b
	part := *w.target
	part.grows = make(map[ast.Node]growth)
	for at, g := range w.target.grows {
		if body.Pos() <= at.Pos() && at.Pos() < body.End() {
			part.grows[at] = g
		}
	}
	p := inner.paths(&part)
	if !p.ok || b.call || b.n < 0 && w.counts(body) {
		return w.fail()
	}
	each := p.each.times(b)
	if w.target.isSlice() && (p.each.varies || b.src != nil && w.ofElement(b.src)) {
		if b.src == nil || !w.plainlyRead(b.src) {
			return w.fail()
		}
		each = amount{varies: true, always: true}
	}
	if each.rest != nil {
		for _, v := range each.rest.vars {
			if w.within(v.Pos()) || w.assignedAny(v, w.body) {
				return w.fail() // not the same in each iteration
			}
		}
	}
	w.hasInner = true
	w.left -= len(part.grows)
	w.errors = append(w.errors, p.errors...)
	return n.plus(each), true
}

// counts reports whether a nested loop returns when a number that it changes has become too large: then
// the product of the two lengths may be far more than it ever gets to.
func (w *walker) counts(body *ast.BlockStmt) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		s, ok := n.(*ast.IfStmt)
		if !ok || len(s.Body.List) == 0 {
			return !found
		}
		_, leaves := s.Body.List[len(s.Body.List)-1].(*ast.ReturnStmt)
		cmp, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
		if !ok || !leaves || cmp.Op != token.GTR && cmp.Op != token.GEQ && cmp.Op != token.LSS && cmp.Op != token.LEQ {
			return !found
		}
		for _, side := range []ast.Expr{cmp.X, cmp.Y} {
			if id, ok := ast.Unparen(side).(*ast.Ident); ok {
				v, _ := w.info.Uses[id].(*types.Var)
				found = found || v != nil && w.assignedAny(v, w.body)
			}
		}
		return !found
	})
	return found
}

// continues reports whether the statement is a continue that names this loop.
func (w *walker) continues(stmt *ast.BranchStmt) bool {
	if stmt.Tok != token.CONTINUE || stmt.Label == nil {
		return false
	}
	label, ok := w.cur.Parent().Node().(*ast.LabeledStmt)
	return ok && label.Label.Name == stmt.Label.Name
}

// leave allows for a return only if it returns an error.
func (w *walker) leave(ret *ast.ReturnStmt) (amount, bool) {
	results := w.sig.Results()
	last := results.Len() - 1
	if last < 0 || len(ret.Results) != results.Len() || !lint.IsError(results.At(last).Type()) {
		return w.fail()
	}
	if w.info.Types[ret.Results[last]].IsNil() {
		return w.fail()
	}
	w.errors = append(w.errors, ret)
	return amount{}, false
}
