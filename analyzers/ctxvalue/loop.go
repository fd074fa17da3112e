package ctxvalue

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/constant"
	"go/printer"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// checkLoops reports lookups that give the same on every iteration of a loop.
func (r *run) checkLoops() {
	for c := range r.root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		fn, ok := typeutil.Callee(r.TypesInfo, call).(*types.Func)
		if !ok {
			continue
		}
		lookup := isValue(fn)
		f := r.fact(fn.Origin())
		if !lookup && (f == nil || !f.Looks) {
			continue
		}
		place := hot.Of(r.Pass).At(call)
		if !place.InLoop() || r.isConditional(c, place.Cause) || !r.invariant(c, place.Cause) || !r.all && !r.cheap(place.Cause, c) {
			continue
		}
		message := fmt.Sprintf("%s walks up the chain of contexts on every iteration for the same value; look it up once, before the loop", lint.Text(call))
		if !lookup {
			message = fmt.Sprintf("%s looks the same context value up on every iteration; call it once, before the loop", lint.Text(call))
		}
		d := analysis.Diagnostic{Pos: call.Pos(), End: call.End(), Category: inLoop, Message: message, Related: place.Related()}
		if lookup || !f.Hazard {
			d.SuggestedFixes = r.hoist(c, place.Cause)
		}
		r.tell(d)
	}
}

// isConditional reports whether few iterations, or one, may do what is at c: it is where
// something has failed, where a branch leaves the loop, or where the first one is told from the others,
// or where a constant decides.
func (r *run) isConditional(c inspector.Cursor, loop ast.Node) bool {
	for cur := c; cur.Node() != loop; cur = cur.Parent() {
		switch kind := cur.ParentEdgeKind(); kind {
		case edge.IfStmt_Body, edge.IfStmt_Else:
			branch := cur.Parent().Node().(*ast.IfStmt)
			if leaves(cur.Node()) || r.TypesInfo.Types[branch.Cond].Value != nil || r.seldom(branch.Cond, loop) {
				return true
			}
		case edge.CaseClause_Body:
			clause := cur.Parent().Node().(*ast.CaseClause)
			if leaves(&ast.BlockStmt{List: clause.Body}) || r.anyConstant(clause.List) || slices.ContainsFunc(clause.List, func(e ast.Expr) bool { return r.seldom(e, loop) }) {
				return true
			}
			if sw, ok := cur.Parent().Parent().Parent().Node().(*ast.SwitchStmt); !ok || sw.Tag != nil && r.seldom(sw.Tag, loop) {
				return true // of a type switch
			}
		case edge.CommClause_Body, edge.CommClause_Comm, edge.Invalid:
			return true
		case edge.BinaryExpr_Y:
			if e := cur.Parent().Node().(*ast.BinaryExpr); (e.Op == token.LAND || e.Op == token.LOR) && r.seldom(e.X, loop) {
				return true
			}
		}
	}
	return false
}

// leaves reports whether a branch ends by leaving the loop.
func leaves(branch ast.Node) bool {
	block, ok := branch.(*ast.BlockStmt)
	if !ok || len(block.List) == 0 {
		return false
	}
	switch last := block.List[len(block.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok != token.CONTINUE
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		return ok && isPanic(call)
	}
	return false
}

func isPanic(call *ast.CallExpr) bool {
	id, ok := call.Fun.(*ast.Ident)
	return ok && id.Name == "panic"
}

// seldom reports whether a condition tells a few iterations from the others: it is about an error, a value
// that is equal to a constant, or a variable that the loop sets.
func (r *run) seldom(cond ast.Expr, loop ast.Node) (found bool) {
	ast.Inspect(cond, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok || found {
			return !found
		}
		t := r.TypesInfo.TypeOf(e)
		switch e := e.(type) {
		case *ast.BinaryExpr:
			found = (e.Op == token.EQL || e.Op == token.REM) && r.anyConstant([]ast.Expr{e.X, e.Y})
		case *ast.Ident:
			v, ok := r.TypesInfo.Uses[e].(*types.Var)
			found = ok && !v.IsField() && (v.Pos() < loop.Pos() || loop.End() <= v.Pos()) && r.changes(v, loop)
		}
		found = found || t != nil && lint.IsError(t)
		return !found
	})
	return found
}

// anyConstant reports whether one of the expressions is a number or a string that is no zero value.
func (r *run) anyConstant(list []ast.Expr) bool {
	return slices.ContainsFunc(list, func(e ast.Expr) bool {
		switch v := r.TypesInfo.Types[e].Value; {
		case v == nil, v.Kind() == constant.Bool:
			return false
		case v.Kind() == constant.String:
			return constant.StringVal(v) != ""
		}
		return true
	})
}

// invariant reports whether the call at c, and all that it is computed from, is the
// same on every iteration of the loop.
func (r *run) invariant(c inspector.Cursor, loop ast.Node) bool {
	call := c.Node().(*ast.CallExpr)
	exprs := slices.Clone(call.Args)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && r.TypesInfo.Selections[sel] != nil {
		exprs = append(exprs, sel.X)
	}
	for _, e := range exprs {
		if !r.fixed(e, loop) {
			return false
		}
	}
	return true
}

// fixed reports whether e has one value while the loop runs.
func (r *run) fixed(e ast.Expr, loop ast.Node) bool {
	if r.TypesInfo.Types[e].Value != nil {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := r.TypesInfo.Uses[e].(*types.Var)
		if !ok {
			_, isNil := r.TypesInfo.Uses[e].(*types.Nil)
			return isNil
		}
		if v.Parent() == nil || v.Parent().Parent() == types.Universe {
			return !isCarrier(v.Type()) // a package variable: keys do not change
		}
		return (v.Pos() < loop.Pos() || loop.End() <= v.Pos()) && !r.changes(v, loop)
	case *ast.SelectorExpr:
		if r.TypesInfo.Selections[e] == nil {
			v, ok := r.TypesInfo.Uses[e.Sel].(*types.Var)
			return ok && !isCarrier(v.Type()) // of another package
		}
		field, ok := r.TypesInfo.Uses[e.Sel].(*types.Var)
		return ok && isCarrier(field.Type()) && !field.Exported() && r.fixed(e.X, loop) && !r.assigned(field)
	case *ast.CompositeLit:
		for _, elt := range e.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				elt = kv.Value
			}
			if !r.fixed(elt, loop) {
				return false
			}
		}
		return true
	case *ast.UnaryExpr:
		return e.Op == token.AND && isIdent(e.X) && r.fixed(e.X, loop)
	case *ast.CallExpr:
		if r.TypesInfo.Types[e.Fun].IsType() {
			return r.fixed(e.Args[0], loop)
		}
		sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
		return ok && lint.IsMethod(typeutil.Callee(r.TypesInfo, e), "net/http", "Request", "Context") && r.fixed(sel.X, loop)
	}
	return false
}

func isIdent(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.Ident)
	return ok
}

// changes reports whether the loop assigns to v, or anything takes its address.
func (r *run) changes(v *types.Var, loop ast.Node) bool {
	return r.isWritten(v, func(write ast.Node) bool {
		_, address := write.(*ast.UnaryExpr)
		return address || loop.Pos() <= write.Pos() && write.Pos() < loop.End() || r.inLiteral(write, v)
	})
}

// assigned reports whether a field is ever assigned to, other than in a literal.
func (r *run) assigned(field *types.Var) bool {
	return r.isWritten(field, func(ast.Node) bool { return true })
}

// isWritten reports whether there is an assignment to v, or an expression that takes
// its address, for which ok holds.
func (r *run) isWritten(v *types.Var, ok func(ast.Node) bool) bool {
	is := func(e ast.Expr) bool {
		switch e := ast.Unparen(e).(type) {
		case *ast.Ident:
			return r.TypesInfo.Uses[e] == v
		case *ast.SelectorExpr:
			return r.TypesInfo.Uses[e.Sel] == v
		}
		return false
	}
	for c := range r.root.Preorder((*ast.AssignStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.RangeStmt)(nil)) {
		var written []ast.Expr
		switch n := c.Node().(type) {
		case *ast.AssignStmt:
			written = n.Lhs
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				written = []ast.Expr{n.X}
			}
		case *ast.RangeStmt:
			written = []ast.Expr{n.Key, n.Value}
		}
		for _, e := range written {
			if e != nil && is(e) && ok(c.Node()) {
				return true
			}
		}
	}
	return false
}

// inLiteral reports whether n lies in a function literal that v is captured by.
func (r *run) inLiteral(n ast.Node, v *types.Var) bool {
	c, ok := lint.Find(r.root, n)
	if !ok {
		return true
	}
	for lit := range c.Enclosing((*ast.FuncLit)(nil)) {
		if n := lit.Node(); v.Pos() < n.Pos() || n.End() <= v.Pos() {
			return true
		}
	}
	return false
}

// cheap reports whether the rest of the loop may be so quick that a lookup
// matters: it hands no context to code that is not at hand, which most likely waits.
func (r *run) cheap(loop ast.Node, lookup inspector.Cursor) bool {
	c, ok := lint.Find(r.root, loop)
	if !ok {
		return false
	}
	for cur := range c.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		if call == loop || call == lookup.Node() {
			continue
		}
		fn, _ := typeutil.Callee(r.TypesInfo, call).(*types.Func)
		if fn != nil {
			if f := r.fact(fn.Origin()); f != nil && (f.Looks || f.Derives) || isDerive(fn) || isValue(fn) {
				continue
			}
			if recv := fn.Signature().Recv(); fn.Pkg() == r.Pkg && (recv == nil || !types.IsInterface(recv.Type())) {
				continue // hot knows whether it is slow
			}
		}
		for _, arg := range call.Args {
			if t := r.TypesInfo.TypeOf(arg); t != nil && isCarrier(t) {
				return false
			}
		}
	}
	return true
}

// hoist returns the fix that moves the lookup at c before the loop, if it is all of
// a statement that every iteration begins with and that may as well execute when there are none.
func (r *run) hoist(c inspector.Cursor, loop ast.Node) []analysis.SuggestedFix {
	expr := c
	if c.ParentEdgeKind() == edge.TypeAssertExpr_X {
		expr = c.Parent()
	}
	stmt, ok := expr.Parent().Node().(*ast.AssignStmt)
	if !ok || stmt.Tok != token.DEFINE || len(stmt.Rhs) != 1 || expr != c && len(stmt.Lhs) != 2 || r.otherContexts() {
		return nil
	}
	at, ok := lint.Find(r.root, loop)
	if !ok || expr.Parent().ParentEdgeKind() != edge.BlockStmt_List || expr.Parent().Parent().Parent().Node() != loop {
		return nil
	}
	before := loop.Pos()
	if at.ParentEdgeKind() == edge.LabeledStmt_Stmt {
		at = at.Parent()
		before = at.Node().Pos()
	}
	switch at.ParentEdgeKind() {
	case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body:
	default:
		return nil
	}
	comment, ok := r.commentOf(stmt)
	if !ok || hasGoto(at) {
		return nil
	}
	for _, lhs := range stmt.Lhs {
		id := lhs.(*ast.Ident)
		if id.Name == "_" {
			continue
		}
		v, ok := r.TypesInfo.Defs[id].(*types.Var)
		if !ok || r.isWritten(v, func(ast.Node) bool { return true }) || r.nameTaken(id, at, v) {
			return nil
		}
	}
	var code bytes.Buffer
	if printer.Fprint(&code, r.Fset, stmt) != nil || bytes.ContainsRune(code.Bytes(), '\n') {
		return nil
	}
	from, to := r.wholeLine(stmt)
	if !from.IsValid() {
		return nil
	}
	indent := bytes.Repeat([]byte("\t"), r.Fset.PositionFor(before, false).Column-1)
	return []analysis.SuggestedFix{{
		Message: "Look the value up before the loop",
		TextEdits: []analysis.TextEdit{
			{Pos: before, End: before, NewText: slices.Concat(code.Bytes(), comment, []byte("\n"), indent)},
			{Pos: from, End: to},
		},
	}}
}

// commentOf returns the comment at the end of a statement's line, for it to move
// too; ok is false if the statement has others.
func (r *run) commentOf(stmt ast.Stmt) (comment []byte, ok bool) {
	file := lint.FileOf(r.Pass, stmt.Pos())
	if file == nil {
		return nil, false
	}
	line := func(pos token.Pos) int { return r.Fset.PositionFor(pos, false).Line }
	for _, g := range file.Comments {
		switch {
		case line(g.End()) < line(stmt.Pos())-1 || line(g.Pos()) > line(stmt.End()):
		case g.Pos() > stmt.End() && len(g.List) == 1 && line(g.End()) == line(stmt.End()):
			comment = []byte(" " + g.List[0].Text)
		default:
			return nil, false
		}
	}
	return comment, true
}

// wholeLine returns the lines of a statement that stands on lines of its own.
func (r *run) wholeLine(stmt ast.Stmt) (from, to token.Pos) {
	file := r.Fset.File(stmt.Pos())
	first, last := file.PositionFor(stmt.Pos(), false).Line, file.PositionFor(stmt.End(), false).Line
	if last >= file.LineCount() {
		return token.NoPos, token.NoPos
	}
	c, ok := lint.Find(r.root, stmt)
	if !ok {
		return token.NoPos, token.NoPos
	}
	block := c.Parent().Node().(*ast.BlockStmt)
	if file.Line(block.Lbrace) >= first || file.Line(block.Rbrace) <= last {
		return token.NoPos, token.NoPos
	}
	for _, other := range block.List {
		if other != stmt && (file.Line(other.End()) == first || file.Line(other.Pos()) == last) {
			return token.NoPos, token.NoPos
		}
	}
	return file.LineStart(first), file.LineStart(last + 1)
}

// nameTaken reports whether the function uses the name of v for anything else.
func (r *run) nameTaken(name *ast.Ident, at inspector.Cursor, v *types.Var) bool {
	for fn := range at.Enclosing((*ast.FuncDecl)(nil)) {
		for c := range fn.Preorder((*ast.Ident)(nil)) {
			if id := c.Node().(*ast.Ident); id.Name == name.Name && r.TypesInfo.ObjectOf(id) != v && c.ParentEdgeKind() != edge.SelectorExpr_Sel {
				return true
			}
		}
		return false
	}
	return true
}

func hasGoto(at inspector.Cursor) bool {
	for fn := range at.Enclosing((*ast.FuncDecl)(nil)) {
		for c := range fn.Preorder((*ast.BranchStmt)(nil)) {
			if c.Node().(*ast.BranchStmt).Tok == token.GOTO {
				return true
			}
		}
	}
	return false
}
