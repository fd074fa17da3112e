package badcap

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/lint"
)

// made looks at what becomes of a slice that make returns.
func (r *run) made(cur inspector.Cursor, call *ast.CallExpr) {
	length := r.constant(call.Args[1])
	three := len(call.Args) == 3
	switch {
	case three && length != 0 && !r.sameNumber(call.Args[1], call.Args[2]):
		return // whoever writes both means both
	case !three && length == 0:
		return
	}
	if r.silent(call.Pos()) {
		return
	}
	m := &slice{run: r, cur: cur, call: call, elem: coreOf(r.TypesInfo.TypeOf(call)).(*types.Slice).Elem()}
	if length == 0 {
		switch {
		case m.local():
			m.wasted()
			m.guessed()
		case m.isErrors() && m.constant(call.Args[2]) < 0 && m.inOwnField():
			m.wasted()
		}
		return
	}
	switch {
	case m.local():
		m.zeros()
	case m.inElement():
		m.zerosInElement()
	default:
		m.inField()
	}
}

// constant returns the value of a constant expression, else -1.
func (r *run) constant(e ast.Expr) int64 {
	if v := r.TypesInfo.Types[e].Value; v != nil {
		if n, ok := constant.Int64Val(constant.ToInt(v)); ok && n >= 0 {
			return n
		}
	}
	return -1
}

// sameNumber reports whether two expressions without effects are the same.
func (r *run) sameNumber(x, y ast.Expr) bool {
	if n := r.constant(x); n >= 0 {
		return n == r.constant(y)
	}
	return r.simple(x) && r.same(x, y)
}

// same reports whether two expressions are written alike and mean the same.
func (r *run) same(x, y ast.Expr) bool {
	x, y = r.unwrap(x), r.unwrap(y)
	switch x := x.(type) {
	case *ast.Ident:
		y, ok := y.(*ast.Ident)
		return ok && r.TypesInfo.ObjectOf(x) != nil && r.TypesInfo.ObjectOf(x) == r.TypesInfo.ObjectOf(y)
	case *ast.SelectorExpr:
		y, ok := y.(*ast.SelectorExpr)
		return ok && r.TypesInfo.Uses[x.Sel] == r.TypesInfo.Uses[y.Sel] && r.same(x.X, y.X)
	case *ast.CallExpr:
		y, ok := y.(*ast.CallExpr)
		return ok && len(x.Args) == 1 && len(y.Args) == 1 && r.same(x.Fun, y.Fun) && r.same(x.Args[0], y.Args[0])
	case *ast.StarExpr:
		y, ok := y.(*ast.StarExpr)
		return ok && r.same(x.X, y.X)
	case *ast.BasicLit:
		y, ok := y.(*ast.BasicLit)
		return ok && x.Value == y.Value
	case *ast.BinaryExpr:
		y, ok := y.(*ast.BinaryExpr)
		return ok && x.Op == y.Op && r.same(x.X, y.X) && r.same(x.Y, y.Y)
	case *ast.IndexExpr:
		y, ok := y.(*ast.IndexExpr)
		return ok && r.same(x.X, y.X) && r.same(x.Index, y.Index)
	}
	return false
}

// unwrap removes parentheses and conversions between integers.
func (r *run) unwrap(e ast.Expr) ast.Expr {
	for {
		e = ast.Unparen(e)
		call, ok := e.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || !r.TypesInfo.Types[call.Fun].IsType() || !isInteger(r.TypesInfo.TypeOf(call)) {
			return e
		}
		e = call.Args[0]
	}
}

// simple reports whether e has no effects: it calls nothing but len, cap and
// conversions.
func (r *run) simple(e ast.Expr) bool {
	return !has(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			return !r.isBuiltin(n.Fun, "len") && !r.isBuiltin(n.Fun, "cap") && !r.isBuiltin(n.Fun, "min") && !r.isBuiltin(n.Fun, "max") && !r.TypesInfo.Types[n.Fun].IsType()
		case *ast.UnaryExpr:
			return n.Op == token.ARROW
		case *ast.FuncLit:
			return true
		}
		return false
	})
}

// A slice is what a call of make returns, in a variable of its own.
type slice struct {
	*run
	cur  inspector.Cursor
	call *ast.CallExpr
	elem types.Type

	v     *types.Var         // or the field
	own   bool               // of a struct that only the function has
	stmt  inspector.Cursor   // that sets v
	block []inspector.Cursor // what follows in its block
	uses  []inspector.Cursor // of v, other than in stmt
	grows []growth           // v = append(v, ...)
	other []inspector.Cursor // uses that are neither growth, nor len, nor cap
}

// A growth is one statement v = append(v, ...).
type growth struct {
	call *ast.CallExpr
	stmt inspector.Cursor
}

// local finds the variable that is set to the new slice, and reports whether that
// is all that ever sets it, other than by appending to it.
func (m *slice) local() bool {
	stmt := m.cur.Parent()
	var id *ast.Ident
	switch s := stmt.Node().(type) {
	case *ast.AssignStmt:
		if len(s.Lhs) != len(s.Rhs) || m.cur.ParentEdgeKind() != edge.AssignStmt_Rhs {
			return false
		}
		id, _ = s.Lhs[m.cur.ParentEdgeIndex()].(*ast.Ident)
	case *ast.ValueSpec:
		if len(s.Names) != len(s.Values) {
			return false
		}
		id = s.Names[m.cur.ParentEdgeIndex()]
		stmt = stmt.Parent().Parent() // GenDecl, DeclStmt
		if _, ok := stmt.Node().(*ast.DeclStmt); !ok {
			return false
		}
	}
	if id == nil || id.Name == "_" {
		return false
	}
	m.v, _ = m.TypesInfo.ObjectOf(id).(*types.Var)
	if m.v == nil || m.v.IsField() || m.v.Parent() == m.Pkg.Scope() {
		return false
	}
	m.stmt = stmt
	switch stmt.ParentEdgeKind() {
	case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body:
	default:
		return false
	}
	for next, ok := stmt.NextSibling(); ok; next, ok = next.NextSibling() {
		m.block = append(m.block, next)
	}
	return m.collect(id)
}

// collect finds the uses of the variable in the declared function around it.
func (m *slice) collect(def *ast.Ident) bool {
	var fn inspector.Cursor
	for around := range m.cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		fn = around
	}
	if !fn.Valid() {
		return false
	}
	for c := range fn.Preorder((*ast.Ident)(nil)) {
		id := c.Node().(*ast.Ident)
		if id == def || m.TypesInfo.ObjectOf(id) != m.v {
			continue
		}
		if m.TypesInfo.Defs[id] == m.v {
			// var v []T before v = make(...), in the same block; or a result
			if !m.declares(c) {
				return false
			}
			continue
		}
		m.uses = append(m.uses, c)
		if !m.after(c) {
			return false
		}
		switch c.ParentEdgeKind() {
		case edge.AssignStmt_Lhs:
			g, ok := m.growth(c)
			if !ok {
				return false
			}
			m.grows = append(m.grows, g)
		case edge.CallExpr_Args:
			call := c.Parent().Node().(*ast.CallExpr)
			if m.isBuiltin(call.Fun, "append") && c.ParentEdgeIndex() == 0 {
				if as, ok := c.Parent().Parent().Node().(*ast.AssignStmt); ok && len(as.Lhs) == 1 && m.variableOf(as.Lhs[0]) == m.v {
					continue // noted on the left side
				}
			}
			if !m.isBuiltin(call.Fun, "len") {
				m.other = append(m.other, c)
			}
		default:
			m.other = append(m.other, c)
		}
	}
	return len(m.grows) > 0
}

// declares reports whether the identifier declares the variable where nothing
// can come between that and its make.
func (m *slice) declares(c inspector.Cursor) bool {
	switch c.ParentEdgeKind() {
	case edge.Field_Names: // a result, set at the top of the body
		return m.stmt.Parent().ParentEdgeKind() == edge.FuncDecl_Body
	case edge.ValueSpec_Names:
		decl := c.Parent().Parent().Parent()
		spec := c.Parent().Node().(*ast.ValueSpec)
		return len(spec.Values) == 0 && decl.Parent() == m.stmt.Parent()
	}
	return false
}

// after reports whether the use follows the statement of make in its block.
func (m *slice) after(c inspector.Cursor) bool {
	return m.index(c) >= 0
}

// index returns which of the statements after the make the use is in, or -1.
func (m *slice) index(c inspector.Cursor) int {
	return slices.IndexFunc(m.block, func(s inspector.Cursor) bool {
		return s.Node().Pos() <= c.Node().Pos() && c.Node().End() <= s.Node().End()
	})
}

func (r *run) variableOf(e ast.Expr) *types.Var {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	v, _ := r.TypesInfo.ObjectOf(id).(*types.Var)
	return v
}

// growth reports whether the variable on the left of an assignment is set to
// append of itself.
func (m *slice) growth(c inspector.Cursor) (growth, bool) {
	as := c.Parent().Node().(*ast.AssignStmt)
	if len(as.Lhs) != 1 || len(as.Rhs) != 1 || as.Tok != token.ASSIGN {
		return growth{}, false
	}
	call, ok := ast.Unparen(as.Rhs[0]).(*ast.CallExpr)
	if !ok || !m.isBuiltin(call.Fun, "append") || len(call.Args) < 2 || m.variableOf(call.Args[0]) != m.v {
		return growth{}, false
	}
	return growth{call, c.Parent()}, true
}

// loopOf returns the innermost loop around the growth, after the make.
func (m *slice) loopOf(g growth) (inspector.Cursor, bool) {
	for around := range g.stmt.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil)) {
		if around.Node().Pos() < m.stmt.Node().Pos() {
			break
		}
		if _, ok := around.Node().(*ast.FuncLit); ok {
			continue
		}
		return around, true
	}
	return inspector.Cursor{}, false
}

// A condition is what an append depends on.
type condition struct {
	expr ast.Expr
	is   bool
}

// conditional returns the condition, after the make and inside of the loop if
// there is one, that the growth depends on: that of the if statement around it, or
// of one before it that continues with the next element.
func (m *slice) conditional(g growth) (condition, bool) {
	loop, inLoop := m.loopOf(g)
	for around := range g.stmt.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil), (*ast.CommClause)(nil)) {
		if around.Node().Pos() < m.stmt.Node().Pos() || inLoop && around.Node().Pos() < loop.Node().Pos() {
			break
		}
		stmt, ok := around.Node().(*ast.IfStmt)
		if ok && stmt.Else == nil && stmt.Body.Pos() <= g.call.Pos() && g.call.End() <= stmt.Body.End() {
			return condition{stmt.Cond, true}, true
		}
		return condition{}, false
	}
	for prev, ok := g.stmt.PrevSibling(); inLoop && ok; prev, ok = prev.PrevSibling() {
		stmt, ok := prev.Node().(*ast.IfStmt)
		if !ok || stmt.Else != nil || len(stmt.Body.List) == 0 {
			continue
		}
		if branch, ok := stmt.Body.List[len(stmt.Body.List)-1].(*ast.BranchStmt); ok && branch.Tok == token.CONTINUE && branch.Label == nil {
			return condition{stmt.Cond, false}, true
		}
	}
	return condition{}, false
}

// returned reports whether the slice outlives the function: it is returned, or
// stored, or handed on.
func (m *slice) returned() bool {
	return slices.ContainsFunc(m.other, func(c inspector.Cursor) bool {
		switch c.ParentEdgeKind() {
		case edge.ReturnStmt_Results, edge.AssignStmt_Rhs, edge.KeyValueExpr_Value, edge.CompositeLit_Elts, edge.SendStmt_Value:
			return true
		}
		return false
	})
}

// literal returns the edit that replaces make by an empty literal, if that
// leaves everything else as it is.
func (m *slice) literal() (edits []edit, ok bool) {
	for _, c := range m.uses {
		if c.ParentEdgeKind() == edge.CallExpr_Args && m.isBuiltin(c.Parent().Node().(*ast.CallExpr).Fun, "cap") {
			return nil, false
		}
	}
	size := m.call.Args[2]
	if !m.simple(size) || !m.usedElsewhere(size) {
		return nil, false
	}
	if _, ok := ast.Unparen(m.call.Args[0]).(*ast.ArrayType); !ok {
		if _, named := coreOf(m.TypesInfo.TypeOf(m.call.Args[0])).(*types.Slice); !named || lint.IsTypeParam(m.TypesInfo.TypeOf(m.call.Args[0])) {
			return nil, false
		}
	}
	typ := m.call.Args[0]
	return []edit{{m.call.Pos(), typ.Pos(), ""}, {typ.End(), m.call.End(), "{}"}}, true
}

type edit struct {
	pos, end token.Pos
	text     string
}

// usedElsewhere reports whether the local variables and packages in e are used
// outside of it, so that the program still compiles without e.
func (m *slice) usedElsewhere(e ast.Expr) bool {
	needs := make(map[types.Object]bool)
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			switch obj := m.TypesInfo.Uses[id].(type) {
			case *types.Var:
				if !obj.IsField() && obj.Parent() != m.Pkg.Scope() {
					needs[obj] = true
				}
			case *types.PkgName:
				needs[obj] = true
			}
		}
		return true
	})
	file := lint.FileOf(m.Pass, m.call.Pos())
	ast.Inspect(file, func(n ast.Node) bool {
		if n == e {
			return false
		}
		if id, ok := n.(*ast.Ident); ok && len(needs) > 0 {
			delete(needs, m.TypesInfo.Uses[id])
		}
		return true
	})
	return len(needs) == 0
}
