package ctxlost

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// A stored cancel function is one that a field gets and nothing else.
type stored struct {
	expr ast.Expr    // where it is stored
	with *types.Func // what made it
}

// checkCancels reports cancel functions that are kept in fields that nothing reads, and
// cancel functions that a loop defers.
func (r *run) checkCancels() {
	fields := make(map[*types.Var]stored)
	var order []*types.Var
	for c := range r.root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		if sel, ok := call.Fun.(*ast.SelectorExpr); !ok || !strings.HasPrefix(sel.Sel.Name, "With") {
			continue
		}
		if !r.makesCancel(call) || r.inTest(call) {
			continue
		}
		stmt, ok := c.Parent().Node().(*ast.AssignStmt)
		if !ok || len(stmt.Lhs) != 2 {
			continue
		}
		field, expr := r.keptIn(c, stmt.Lhs[1])
		if field == nil || field.Exported() || field.Embedded() || field.Pkg() != r.Pkg {
			continue
		}
		if _, known := fields[field]; !known {
			fields[field] = stored{expr, r.callee(call)}
			order = append(order, field)
		}
	}
	if len(fields) > 0 {
		r.dropRead(fields)
	}
	for _, field := range order {
		s, ok := fields[field]
		if !ok {
			continue
		}
		r.Report(analysis.Diagnostic{
			Pos: s.expr.Pos(), End: s.expr.End(), Category: cancelField,
			Message: fmt.Sprintf("the cancel function that is kept in field %s is never called: whatever waits for %s to end waits for the parent to end",
				field.Name(), held(s.with)),
			Related: []analysis.RelatedInformation{{Pos: field.Pos(), End: field.Pos() + token.Pos(len(field.Name())), Message: "nothing calls what is in this field"}},
		})
	}
	r.checkCollections()
	r.checkLoops()
}

// held says what the cancel function keeps that a call of with has made.
func held(with *types.Func) string {
	if strings.HasPrefix(with.Name(), "WithCancel") {
		return "its context"
	}
	return "its context and timer"
}

// makesCancel reports whether a call returns a context and the function that cancels it.
func (r *run) makesCancel(call *ast.CallExpr) bool {
	fn := r.callee(call)
	return fn != nil && lint.IsCancelable(fn)
}

// keptIn returns the field that a cancel function is stored in, and where, if that is all that
// becomes of it.
func (r *run) keptIn(with inspector.Cursor, lhs ast.Expr) (*types.Var, ast.Expr) {
	if sel, ok := lhs.(*ast.SelectorExpr); ok {
		return r.field(sel.Sel), sel
	}
	obj := r.object(lhs)
	if obj == nil || obj.Parent() == r.Pkg.Scope() {
		return nil, nil
	}
	var field *types.Var
	var at ast.Expr
	for fn := range with.Enclosing((*ast.FuncDecl)(nil)) {
		for c := range fn.Preorder((*ast.Ident)(nil)) {
			if r.TypesInfo.Uses[c.Node().(*ast.Ident)] != obj {
				continue
			}
			to := r.storedTo(c)
			if to == nil && c.ParentEdgeKind() == edge.AssignStmt_Lhs {
				continue
			}
			if to == nil || field != nil && field != to {
				return nil, nil
			}
			field, at = to, c.Node().(ast.Expr)
		}
	}
	return field, at
}

// storedTo returns the field that the expression c is stored in, or nil.
func (r *run) storedTo(c inspector.Cursor) *types.Var {
	switch kind, i := c.ParentEdge(); kind {
	case edge.AssignStmt_Rhs:
		stmt := c.Parent().Node().(*ast.AssignStmt)
		if len(stmt.Lhs) == len(stmt.Rhs) {
			if sel, ok := stmt.Lhs[i].(*ast.SelectorExpr); ok {
				return r.field(sel.Sel)
			}
		}
	case edge.KeyValueExpr_Value:
		if id, ok := c.Parent().Node().(*ast.KeyValueExpr).Key.(*ast.Ident); ok {
			return r.field(id)
		}
	case edge.CompositeLit_Elts:
		if st, ok := lint.Deref(r.TypesInfo.TypeOf(c.Parent().Node().(*ast.CompositeLit))).Underlying().(*types.Struct); ok && i < st.NumFields() {
			return st.Field(i).Origin()
		}
	}
	return nil
}

func (r *run) field(id *ast.Ident) *types.Var {
	if v, ok := r.TypesInfo.Uses[id].(*types.Var); ok && v.IsField() {
		return v.Origin()
	}
	return nil
}

// dropRead removes the fields that something of the package reads, or that a conversion
// makes fields of another type.
func (r *run) dropRead(fields map[*types.Var]stored) {
	for c := range r.root.Preorder((*ast.SelectorExpr)(nil), (*ast.CallExpr)(nil)) {
		switch n := c.Node().(type) {
		case *ast.SelectorExpr:
			if c.ParentEdgeKind() != edge.AssignStmt_Lhs && !r.comparedWithNil(c) {
				if field := r.field(n.Sel); field != nil {
					delete(fields, field)
				}
			}
		case *ast.CallExpr:
			if len(n.Args) != 1 || !r.TypesInfo.Types[n.Fun].IsType() {
				continue
			}
			if st, ok := lint.Deref(r.TypesInfo.TypeOf(n.Args[0])).Underlying().(*types.Struct); ok {
				for f := range st.Fields() {
					delete(fields, f.Origin())
				}
			}
		}
	}
}

// comparedWithNil reports whether all that is asked of the expression is whether it is nil.
func (r *run) comparedWithNil(c inspector.Cursor) bool {
	cmp, ok := c.Parent().Node().(*ast.BinaryExpr)
	return ok && (r.TypesInfo.Types[cmp.X].IsNil() || r.TypesInfo.Types[cmp.Y].IsNil())
}

// fewRounds is the number of iterations up to which what a loop defers does not matter.
const fewRounds = 8

// checkLoops reports cancel functions that are deferred on every iteration of a loop.
func (r *run) checkLoops() {
	for c := range r.root.Preorder((*ast.DeferStmt)(nil)) {
		stmt := c.Node().(*ast.DeferStmt)
		obj := r.deferredCancel(stmt.Call)
		if obj == nil || r.inTest(stmt) {
			continue
		}
		loop, fn := r.loopAround(c)
		if loop == nil || obj.Pos() < loop.Pos() || obj.Pos() > loop.End() ||
			!r.comesBack(fn, loop, stmt) || !r.usedUp(c, loop, obj) {
			continue
		}
		r.Report(analysis.Diagnostic{
			Pos: stmt.Pos(), End: stmt.End(), Category: cancelField,
			Message: fmt.Sprintf("%s is deferred in a loop: the context of every iteration, with its timer, is kept until the function returns; "+
				"call %[1]s when the iteration is done", obj.Name()),
			Related: []analysis.RelatedInformation{{Pos: loop.Pos(), End: loop.Pos() + token.Pos(len("for")), Message: "the loop"}},
		})
	}
}

// deferredCancel returns the variable of the cancel function that a deferred call calls, or nil.
func (r *run) deferredCancel(call *ast.CallExpr) types.Object {
	if lit, ok := call.Fun.(*ast.FuncLit); ok && len(lit.Body.List) == 1 {
		if s, ok := lit.Body.List[0].(*ast.ExprStmt); ok {
			if inner, ok := s.X.(*ast.CallExpr); ok {
				call = inner
			}
		}
	}
	if obj := r.object(call.Fun); obj != nil && isCancel(obj.Type()) {
		return obj
	}
	return nil
}

// loopAround returns the innermost loop of the function that encloses c, and the function's body.
func (r *run) loopAround(c inspector.Cursor) (loop ast.Node, body *ast.BlockStmt) {
	for cur := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if loop == nil && !r.few(n) {
				loop = n
			}
		default:
			return loop, lint.Body(n)
		}
	}
	return nil, nil
}

// usedUp reports whether the context that obj cancels is of no use to anything after the
// iteration that makes it: it is only given to calls that do not begin something.
func (r *run) usedUp(c inspector.Cursor, loop ast.Node, obj types.Object) bool {
	ctx, body := r.contextOf(c, obj)
	if ctx == nil || ctx.Pos() < loop.Pos() || ctx.Pos() > loop.End() {
		return false // the next iteration may go on with it
	}
	for id := range body.Preorder((*ast.Ident)(nil)) {
		if r.TypesInfo.Uses[id.Node().(*ast.Ident)] != ctx || !inside(id.Node(), loop) {
			continue
		}
		switch kind, _ := id.ParentEdge(); kind {
		case edge.CallExpr_Args:
			call := id.Parent().Node().(*ast.CallExpr)
			if fn := r.callee(call); fn == nil && r.signature(call) == nil || fn != nil && startsWork(fn.Name()) && !isPackage(fn, "context", "net/http") {
				return false
			}
			for cur := range id.Enclosing((*ast.FuncLit)(nil), (*ast.GoStmt)(nil), (*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
				if cur.Node() == loop {
					break
				}
				switch cur.Node().(type) {
				case *ast.FuncLit, *ast.GoStmt:
					return false
				}
			}
		case edge.SelectorExpr_X, edge.AssignStmt_Lhs:
		default:
			return false
		}
	}
	return true
}

// contextOf returns the variable of the context that cancel cancels, and the function around it.
func (r *run) contextOf(c inspector.Cursor, cancel types.Object) (ctx types.Object, fn inspector.Cursor) {
	for fn := range c.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		for a := range fn.Preorder((*ast.AssignStmt)(nil)) {
			if stmt := a.Node().(*ast.AssignStmt); len(stmt.Lhs) == 2 && len(stmt.Rhs) == 1 && r.object(stmt.Lhs[1]) == cancel {
				// Of package context, or a function that hands on what that returns.
				if both, ok := r.TypesInfo.TypeOf(stmt.Rhs[0]).(*types.Tuple); ok && isContext(both.At(0).Type()) {
					ctx = r.object(stmt.Lhs[0])
				}
			}
		}
		return ctx, fn
	}
	return nil, fn
}

func inside(n, outer ast.Node) bool { return outer.Pos() <= n.Pos() && n.End() <= outer.End() }

func isPackage(fn *types.Func, paths ...string) bool {
	return fn.Pkg() != nil && slices.Contains(paths, fn.Pkg().Path())
}

// few reports whether a loop counts up to a small constant, or ranges over a few values
// that stand in the source.
func (r *run) few(loop ast.Node) bool {
	switch n := loop.(type) {
	case *ast.ForStmt:
		cond, ok := n.Cond.(*ast.BinaryExpr)
		return ok && (r.small(cond.X) || r.small(cond.Y))
	case *ast.RangeStmt:
		lit, ok := ast.Unparen(n.X).(*ast.CompositeLit)
		return r.small(n.X) || ok && len(lit.Elts) <= fewRounds
	}
	return false
}

func (r *run) small(e ast.Expr) bool {
	tv := r.TypesInfo.Types[e]
	if tv.Value == nil || tv.Value.Kind() != constant.Int {
		return false
	}
	n, ok := constant.Int64Val(tv.Value)
	return ok && n <= fewRounds
}

// comesBack reports whether control can come from a statement in a loop to the same statement again.
// A loop without a condition that only a failure repeats is taken to be a retry or two.
func (r *run) comesBack(body *ast.BlockStmt, loop ast.Node, stmt ast.Stmt) bool {
	graph := lazyssa.Of(r.Pass).CFG(body)
	b := blockOf(graph, stmt)
	if b == nil {
		return false
	}
	var cut func(*cfg.Block, int) bool
	if loop, ok := loop.(*ast.ForStmt); ok && loop.Cond == nil {
		cut = func(b *cfg.Block, i int) bool {
			cond := condition(b)
			return cond != nil && r.aboutError(cond) && (i == 0) == r.trueWhenFailed(cond)
		}
	}
	seen := make(map[*cfg.Block]bool)
	for i, s := range b.Succs {
		if cut == nil || !cut(b, i) {
			reach(s, cut, seen)
		}
	}
	return seen[b]
}
