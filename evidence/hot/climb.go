package hot

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// smallLoop is the number of iterations up to which a loop is no loop.
const smallLoop = 16

// at climbs from c to the function declaration that encloses it, noting the
// loops on the way. calls is how many more callers may be asked, -1 if none matters.
func (r *Report) at(c inspector.Cursor, calls int) Place {
	if r.coldFile(c) {
		return rare
	}
	p := Place{}
	count := func(cause ast.Node) {
		if p.Kind != Loop {
			p.Kind, p.Cause = Loop, cause
		}
		p.Depth++
	}
	var leaves exit // how the path from c leaves the loops around it
	for cur := c; ; cur = cur.Parent() {
		parent := cur.Parent()
		if parent.Node() == nil {
			return rare // a package variable
		}
		switch n := cur.Node().(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			e, cold := r.endOf(n)
			if cold && !isBody(cur) {
				return rare
			}
			leaves = max(leaves, e)
		}
		kind := cur.ParentEdgeKind()
		switch n := parent.Node().(type) {
		case *ast.ReturnStmt:
			if kind == edge.ReturnStmt_Results && cur.ParentEdgeIndex() == len(n.Results)-1 && cur != c && r.makesError(n.Results[len(n.Results)-1]) {
				return rare
			}
		case *ast.IfStmt:
			if kind == edge.IfStmt_Body && r.errNotNil(n.Cond, token.NEQ) ||
				kind == edge.IfStmt_Else && r.errNotNil(n.Cond, token.EQL) {
				return rare
			}
		case *ast.ForStmt:
			if kind != edge.ForStmt_Init {
				if leaves == stays && !r.smallFor(n) && !r.slow(n.Body) && !retries(n) {
					count(n)
				}
				leaves = outer(leaves)
			}
		case *ast.RangeStmt:
			if kind == edge.RangeStmt_Body {
				if leaves == stays && !r.smallRange(n) && !r.slow(n.Body) {
					count(n)
				}
				leaves = outer(leaves)
			}
		case *ast.FuncLit:
			q, done := r.literal(parent, calls)
			if done {
				if p.Kind == Loop {
					if q.Kind == Cold && q.Cause != nil {
						return rare
					}
					return p
				}
				return q.known()
			}
			if q.Kind == Loop {
				count(q.Cause)
			}
			leaves = stays // a return in the literal leaves only the literal
		case *ast.FuncDecl:
			fn, _ := r.pass.TypesInfo.Defs[n.Name].(*types.Func)
			if fn == nil {
				return rare
			}
			q := r.function(fn, n, calls)
			if q.Kind == Cold && q.Cause != nil {
				return rare // known to be cold, loops and all
			}
			if p.Kind == Loop {
				p.Marked = q.Marked
				return p
			}
			return q
		}
	}
}

// literal judges the function literal at c by what is done with it. It is
// done unless the climb goes on above the literal; a Kind of Loop then says
// that each pass over the literal runs its body many times. A Place with Kind
// Cold and a Cause is known to be cold.
func (r *Report) literal(c inspector.Cursor, calls int) (p Place, done bool) {
	lit := c.Node().(*ast.FuncLit)
	cold := Place{Cause: lit}
	if sig, ok := r.typeOf(lit).(*types.Signature); ok {
		if kind := r.serves(sig, nil); kind != Cold {
			return Place{Kind: kind, Cause: lit}, true
		}
	}
	switch c.ParentEdgeKind() {
	case edge.CallExpr_Fun:
		switch c.Parent().ParentEdgeKind() {
		case edge.DeferStmt_Call, edge.GoStmt_Call:
			return Place{}, true
		}
		return Place{}, false
	case edge.CallExpr_Args:
		call := c.Parent().Node().(*ast.CallExpr)
		callee := typeutil.Callee(r.pass.TypesInfo, call)
		switch {
		case isOnce(callee):
			return cold, true
		case CallsPerElement(callee):
			return Place{Kind: Loop, Cause: call}, false
		}
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
		// A local variable that is called where a loop repeats it.
		if v := r.assigned(c); v != nil {
			return r.called(v, calls), true
		}
	}
	return Place{}, true
}

// assigned returns the local variable that the literal at c is assigned to.
func (r *Report) assigned(c inspector.Cursor) *types.Var {
	i := c.ParentEdgeIndex()
	var lhs ast.Expr
	switch n := c.Parent().Node().(type) {
	case *ast.AssignStmt:
		if len(n.Lhs) != len(n.Rhs) {
			return nil
		}
		lhs = n.Lhs[i]
	case *ast.ValueSpec:
		if len(n.Names) != len(n.Values) {
			return nil
		}
		lhs = n.Names[i]
	}
	id, ok := lhs.(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := r.pass.TypesInfo.ObjectOf(id).(*types.Var)
	if !ok || v.IsField() || v.Parent() == r.pass.Pkg.Scope() {
		return nil
	}
	return v
}

// An exit says which loops the end of a block leaves.
type exit int

const (
	stays     exit = iota
	innermost      // by break
	all            // by return, goto, a labelled break, or a call that does not return
)

// outer returns what an exit from inside a loop means for the loop around it.
func outer(e exit) exit {
	if e == innermost {
		return stays
	}
	return e
}

// endOf says how a list of statements ends, and whether that makes it cold.
func (r *Report) endOf(n ast.Node) (e exit, cold bool) {
	var list []ast.Stmt
	switch n := n.(type) {
	case *ast.BlockStmt:
		list = n.List
	case *ast.CaseClause:
		list = n.Body
	case *ast.CommClause:
		list = n.Body
	}
	if len(list) == 0 {
		return stays, false
	}
	traces := slices.ContainsFunc(list, r.traces)
	switch s := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return all, traces || r.returnsError(s)
	case *ast.BranchStmt:
		switch {
		case s.Tok == token.GOTO || s.Tok == token.BREAK && s.Label != nil:
			return all, traces
		case s.Tok == token.BREAK && !isSwitchClause(n):
			return innermost, traces
		}
	case *ast.ExprStmt:
		if call, ok := ast.Unparen(s.X).(*ast.CallExpr); ok && !lazyssa.Of(r.pass).MayReturn(call) {
			return all, true
		}
	}
	return stays, traces
}

// traces reports whether a statement writes down the stacks of goroutines, to tell why something went
// wrong.
func (r *Report) traces(s ast.Stmt) bool {
	var e ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	callee := typeutil.Callee(r.pass.TypesInfo, call)
	return lint.IsFunc(callee, "runtime", "Stack") || lint.IsFunc(callee, "runtime/debug", "Stack", "PrintStack")
}

func isSwitchClause(n ast.Node) bool {
	switch n.(type) {
	case *ast.CaseClause, *ast.CommClause:
		return true
	}
	return false
}

// isBody reports whether the block at c is the body of a function: how that ends
// says nothing about how often it runs.
func isBody(c inspector.Cursor) bool {
	switch c.ParentEdgeKind() {
	case edge.FuncDecl_Body, edge.FuncLit_Body:
		return true
	}
	return false
}

// makesError reports whether e makes an error: by a literal, a conversion, a call whose
// result is of a type of its own, or a function of the standard library that does.
func (r *Report) makesError(e ast.Expr) bool {
	t := r.typeOf(e)
	if t == nil || !isErrorType(t) {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr, *ast.CompositeLit:
		return !types.IsInterface(t)
	case *ast.CallExpr:
		callee := typeutil.Callee(r.pass.TypesInfo, e)
		return !types.IsInterface(t) || lint.IsFunc(callee, "fmt", "Errorf") || lint.IsFunc(callee, "errors", "New", "Join")
	}
	return false
}

// returnsError reports whether the statement returns an error that is certainly
// not nil: one made on the spot, or a package-level variable.
func (r *Report) returnsError(s *ast.ReturnStmt) bool {
	if len(s.Results) == 0 {
		return false
	}
	last := ast.Unparen(s.Results[len(s.Results)-1])
	t := r.typeOf(last)
	if t == nil || !isErrorType(t) {
		return false
	}
	switch e := last.(type) {
	case *ast.UnaryExpr, *ast.CompositeLit:
		return true
	case *ast.Ident, *ast.SelectorExpr:
		v, ok := r.pass.TypesInfo.Uses[lastIdent(e)].(*types.Var)
		return ok && !v.IsField() && v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
	case *ast.CallExpr:
		if r.pass.TypesInfo.Types[e.Fun].IsType() {
			return true // a conversion to an error type
		}
		callee := typeutil.Callee(r.pass.TypesInfo, e)
		if callee == nil {
			return false
		}
		return len(s.Results) > 1 || lint.IsFunc(callee, "fmt", "Errorf") || lint.IsFunc(callee, "errors", "New", "Join")
	}
	return false
}

func lastIdent(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	}
	return nil
}

var errorType = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

func isErrorType(t types.Type) bool {
	if b, ok := t.(*types.Basic); ok && b.Kind() == types.UntypedNil {
		return false
	}
	return types.Implements(t, errorType)
}

// errNotNil reports whether cond, or one of the conditions that it joins, compares
// an error with nil by op: && for "not nil", || for its opposite.
func (r *Report) errNotNil(cond ast.Expr, op token.Token) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return false
	}
	switch b.Op {
	case token.LAND, token.LOR:
		if (b.Op == token.LAND) != (op == token.NEQ) {
			return false
		}
		return r.errNotNil(b.X, op) || r.errNotNil(b.Y, op)
	case op:
		x, y := b.X, b.Y
		if r.pass.TypesInfo.Types[x].IsNil() {
			x, y = y, x
		}
		t := r.typeOf(x)
		return r.pass.TypesInfo.Types[y].IsNil() && t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
	}
	return false
}

// smallFor reports whether the loop counts up or down to a small constant.
func (r *Report) smallFor(n *ast.ForStmt) bool {
	b, ok := ast.Unparen(n.Cond).(*ast.BinaryExpr)
	if !ok {
		return false
	}
	for _, e := range []ast.Expr{b.X, b.Y} {
		v, ok := r.constant(e)
		switch b.Op {
		case token.LSS, token.LEQ, token.NEQ:
			if ok && 0 < v && v <= smallLoop {
				return true
			}
		case token.GTR, token.GEQ:
			// Down to zero: small if it starts small.
			if init, isAssign := n.Init.(*ast.AssignStmt); ok && isAssign && len(init.Rhs) == 1 {
				if from, ok := r.constant(init.Rhs[0]); ok && from <= smallLoop {
					return true
				}
			}
		}
	}
	return false
}

// smallRange reports whether the loop ranges over a small constant, a small
// array, or a list that is written out; and whether it waits on a channel.
func (r *Report) smallRange(n *ast.RangeStmt) bool {
	x := ast.Unparen(n.X)
	if v, ok := r.constant(x); ok {
		return v <= smallLoop
	}
	t := r.typeOf(x)
	if t == nil {
		return true
	}
	switch t := lint.Deref(t).Underlying().(type) {
	case *types.Array:
		return t.Len() <= smallLoop
	case *types.Chan:
		return true
	}
	if lit, ok := x.(*ast.CompositeLit); ok {
		return len(lit.Elts) <= smallLoop
	}
	if id, ok := x.(*ast.Ident); ok {
		if v, ok := r.pass.TypesInfo.Uses[id].(*types.Var); ok {
			return r.funcs().tables[v]
		}
	}
	return false
}

func (r *Report) constant(e ast.Expr) (int64, bool) {
	v := r.pass.TypesInfo.Types[e].Value
	if v == nil || v.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(v)
}

// retries reports whether the loop is one of those that seldom run twice: its
// body ends by leaving it, or by a compare-and-swap that is tried again.
func retries(n *ast.ForStmt) bool {
	if len(n.Body.List) > 0 {
		switch s := n.Body.List[len(n.Body.List)-1].(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			return s.Tok == token.BREAK || s.Tok == token.GOTO
		}
	}
	if n.Cond != nil || n.Post != nil {
		return false
	}
	found := false
	ast.Inspect(n.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt:
			return false
		case *ast.Ident:
			switch n.Name {
			case "CompareAndSwap", "CompareAndSwapInt32", "CompareAndSwapInt64", "CompareAndSwapPointer",
				"CompareAndSwapUint32", "CompareAndSwapUint64", "CompareAndSwapUintptr":
				found = true
			}
		}
		return !found
	})
	return found
}
