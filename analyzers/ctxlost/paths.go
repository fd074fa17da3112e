package ctxlost

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// givenUp reports whether the place c may be reached after the context at hand, or
// another, has ended; or whether it is reached only if something has failed, or if there is
// no context at hand.
func (r *run) givenUp(c inspector.Cursor, h hand) bool {
	for fn := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		if r.afterEnd(lint.Body(fn.Node()), c.Node(), h) {
			return true
		}
		if fn == h.fn {
			break
		}
	}
	return false
}

func (r *run) afterEnd(body *ast.BlockStmt, at ast.Node, h hand) bool {
	if r.cancelled(body, at.Pos()) {
		return true
	}
	graph := lazyssa.Of(r.Pass).CFG(body)
	target := blockOf(graph, at)
	if target == nil {
		return true // not known: not reported
	}
	comms := make(map[ast.Node]bool)
	ast.Inspect(body, func(n ast.Node) bool {
		if clause, ok := n.(*ast.CommClause); ok && clause.Comm != nil {
			comms[clause.Comm] = true
		}
		_, lit := n.(*ast.FuncLit)
		return !lit
	})

	// Forward from every end of a context.
	ended := make(map[*cfg.Block]bool)
	for _, b := range graph.Blocks {
		if !b.Live {
			continue
		}
		for i, s := range b.Succs {
			if r.endsContext(b, i) {
				reach(s, nil, ended)
			}
		}
		for _, n := range b.Nodes {
			if !comms[n] && r.receivesEnd(n, false) {
				if b == target && n.Pos() < at.Pos() {
					return true
				}
				for _, s := range b.Succs {
					reach(s, nil, ended)
				}
			}
		}
	}
	if ended[target] {
		return true
	}
	// And from the beginning, but not where something has failed.
	well := make(map[*cfg.Block]bool)
	reach(graph.Blocks[0], func(b *cfg.Block, i int) bool { return r.failed(b, i, h) }, well)
	return !well[target]
}

// reach notes all blocks that can be reached from b by edges that are not cut.
func reach(b *cfg.Block, cut func(*cfg.Block, int) bool, seen map[*cfg.Block]bool) {
	if seen[b] {
		return
	}
	seen[b] = true
	for i, s := range b.Succs {
		if cut == nil || !cut(b, i) {
			reach(s, cut, seen)
		}
	}
}

// blockOf returns the block of the innermost node that encloses n.
func blockOf(graph *cfg.CFG, n ast.Node) (found *cfg.Block) {
	size := token.Pos(-1)
	for _, b := range graph.Blocks {
		for _, node := range b.Nodes {
			if node.Pos() <= n.Pos() && n.End() <= node.End() && (size < 0 || node.End()-node.Pos() < size) {
				found, size = b, node.End()-node.Pos()
			}
		}
	}
	return found
}

// cancelled reports whether a cancel function is called in the body before pos.
func (r *run) cancelled(body *ast.BlockStmt, pos token.Pos) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if found || n == nil || n.Pos() >= pos {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit, *ast.DeferStmt, *ast.GoStmt:
			return n.Pos() < pos && pos < n.End()
		case *ast.CallExpr:
			found = n.End() <= pos && isCancel(r.TypesInfo.TypeOf(n.Fun))
		}
		return !found
	})
	return found
}

// endsContext reports whether edge i of block b is taken because a context has ended, or
// something else that others wait for the end of.
func (r *run) endsContext(b *cfg.Block, i int) bool {
	if s := b.Succs[i]; s.Kind == cfg.KindSelectCaseBody {
		clause, ok := s.Stmt.(*ast.CommClause)
		return ok && clause.Comm != nil && r.receivesEnd(clause.Comm, true)
	}
	cond := condition(b)
	return cond != nil && r.asksErr(cond) && (i == 0) == r.trueWhenFailed(cond)
}

// receivesEnd reports whether a statement receives from the Done channel of a context or a
// channel of signals or, if any, from another channel that carries nothing.
func (r *run) receivesEnd(n ast.Node, any bool) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			if n.Op != token.ARROW {
				break
			}
			if call, ok := ast.Unparen(n.X).(*ast.CallExpr); ok && r.ofContext(call, "Done") {
				found = true
			}
			if ch, ok := r.TypesInfo.TypeOf(n.X).Underlying().(*types.Chan); ok {
				s, isStruct := ch.Elem().Underlying().(*types.Struct)
				found = found || lint.IsNamed(ch.Elem(), "os", "Signal") || any && isStruct && s.NumFields() == 0
			}
		}
		return !found
	})
	return found
}

// ofContext reports whether call is that method of a context.
func (r *run) ofContext(call *ast.CallExpr, method string) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && sel.Sel.Name == method && isContext(r.TypesInfo.TypeOf(sel.X))
}

// asksErr reports whether a condition asks a context whether it has ended.
func (r *run) asksErr(cond ast.Expr) (found bool) {
	ast.Inspect(cond, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && (r.ofContext(call, "Err") || r.calls(call, "context", "Cause")) {
			found = true
		}
		return !found
	})
	return found
}

// drains reports whether c is in a select or loop that takes jobs until a context ends: it may mean
// to finish the job that it has begun.
func (r *run) drains(c inspector.Cursor, h hand) bool {
	for cur := range c.Enclosing((*ast.CommClause)(nil), (*ast.SelectStmt)(nil), (*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if !inside(cur.Node(), h.fn.Node()) {
			return false
		}
		if clause, ok := cur.Node().(*ast.CommClause); ok {
			if r.ticks(clause) {
				return false // there is no job that somebody waits for
			}
			continue
		}
		if r.asksEnd(cur.Node()) {
			return true
		}
	}
	return false
}

// ticks reports whether a clause of a select is for a timer or ticker.
func (r *run) ticks(clause *ast.CommClause) (found bool) {
	if clause.Comm == nil {
		return false
	}
	ast.Inspect(clause.Comm, func(n ast.Node) bool {
		if recv, ok := n.(*ast.UnaryExpr); ok && recv.Op == token.ARROW {
			ch, isChan := r.TypesInfo.TypeOf(recv.X).Underlying().(*types.Chan)
			found = found || isChan && lint.IsNamed(ch.Elem(), "time", "Time")
		}
		return !found
	})
	return found
}

// asksEnd reports whether a statement selects on the end of a context, or goes on while there is none.
func (r *run) asksEnd(n ast.Node) (found bool) {
	if loop, ok := n.(*ast.ForStmt); ok && loop.Cond != nil && r.asksErr(loop.Cond) {
		return true
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if clause, ok := n.(*ast.CommClause); ok && clause.Comm != nil && r.receivesEnd(clause.Comm, false) {
			found = true
		}
		_, lit := n.(*ast.FuncLit)
		return !found && !lit
	})
	return found
}

// pendingError reports whether the statement of c comes between a call that may have failed and the
// place that deals with its error: it is to be done in both cases.
func (r *run) pendingError(c inspector.Cursor) bool {
	for cur := c; ; cur = cur.Parent() {
		list := lint.Statements(cur.Parent().Node())
		if list == nil {
			switch cur.Parent().Node().(type) {
			case *ast.FuncDecl, *ast.FuncLit, nil:
				return false
			}
			continue
		}
		this, _ := cur.Node().(ast.Stmt)
		i := slices.Index(list, this)
		for j := i - 1; j >= 0; j-- {
			stmt, ok := list[j].(*ast.AssignStmt)
			if !ok {
				continue
			}
			err := r.object(stmt.Lhs[len(stmt.Lhs)-1])
			if err == nil || !lint.IsError(err.Type()) {
				continue
			}
			settled := slices.ContainsFunc(list[j+1:i], func(s ast.Stmt) bool { return r.settles(s, err) })
			later := slices.ContainsFunc(list[i:], func(s ast.Stmt) bool { return r.mentions(s, err) })
			if !settled && later {
				return true
			}
		}
	}
}

// settles reports whether, after s, the error that err held is of no more interest: s leaves if there is
// one, or err holds another.
func (r *run) settles(s ast.Stmt, err types.Object) bool {
	switch s := s.(type) {
	case *ast.IfStmt:
		if n := len(s.Body.List); n > 0 && r.mentions(s.Cond, err) {
			switch last := s.Body.List[n-1].(type) {
			case *ast.ReturnStmt, *ast.BranchStmt:
				return true
			case *ast.ExprStmt:
				call, ok := last.X.(*ast.CallExpr)
				return ok && !lazyssa.Of(r.Pass).MayReturn(call)
			}
		}
	case *ast.AssignStmt:
		return slices.ContainsFunc(s.Lhs, func(e ast.Expr) bool { return r.object(e) == err })
	}
	return false
}

// condition returns what block b decides on, or nil.
func condition(b *cfg.Block) ast.Expr {
	if len(b.Succs) != 2 || len(b.Nodes) == 0 {
		return nil
	}
	cond, _ := b.Nodes[len(b.Nodes)-1].(ast.Expr)
	return cond
}

// trueWhenFailed reports whether a condition on an error holds if there is one.
func (r *run) trueWhenFailed(cond ast.Expr) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.BinaryExpr:
		switch e.Op {
		case token.EQL:
			return !isNil(e.X) && !isNil(e.Y)
		case token.LAND, token.LOR:
			if r.aboutError(e.X) {
				return r.trueWhenFailed(e.X)
			}
			return r.trueWhenFailed(e.Y)
		}
	case *ast.UnaryExpr:
		return e.Op != token.NOT
	}
	return true
}

func isNil(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && id.Name == "nil"
}

// failed reports whether edge i of block b is taken only if there is an error, or if there is no
// context at hand.
func (r *run) failed(b *cfg.Block, i int, h hand) bool {
	cond := condition(b)
	if cond == nil {
		return false
	}
	if r.aboutError(cond) {
		return (i == 0) == r.trueWhenFailed(cond)
	}
	if r.mentionsNilOf(cond, h) {
		eq := ast.Unparen(cond).(*ast.BinaryExpr).Op == token.EQL
		return (i == 0) == eq
	}
	return false
}

// aboutError reports whether a condition depends on an error.
func (r *run) aboutError(cond ast.Expr) (found bool) {
	ast.Inspect(cond, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok && !found {
			tv, known := r.TypesInfo.Types[e]
			found = known && tv.IsValue() && tv.Type != nil && lint.IsError(tv.Type)
		}
		return !found
	})
	return found
}

// mentionsNilOf reports whether a condition compares a context or the parameter at hand with nil.
func (r *run) mentionsNilOf(cond ast.Expr, h hand) bool {
	e, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || e.Op != token.EQL && e.Op != token.NEQ {
		return false
	}
	x, y := e.X, e.Y
	if isNil(x) {
		x, y = y, x
	}
	return isNil(y) && (isContext(r.TypesInfo.TypeOf(x)) || r.object(x) == h.obj)
}
