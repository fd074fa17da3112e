package badcap

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// zeros reports a slice that is made with a length, and grows without anything
// having been put there.
func (m *slice) zeros() {
	last := -1
	for _, g := range m.grows {
		last = max(last, m.index(g.stmt))
	}
	for _, c := range m.other {
		if !m.leaves(c, last) {
			return
		}
	}
	first := m.grows[0]
	if m.constant(m.call.Args[1]) == 1 || !m.meansAll() {
		return
	}
	m.reportZeros(m.v.Name(), first.call)
}

// leaves reports whether a use, in a statement after the last append, leaves the
// elements as they are.
func (m *slice) leaves(c inspector.Cursor, last int) bool {
	if c.ParentEdgeKind() == edge.ReturnStmt_Results {
		return true
	}
	if m.index(c) <= last {
		return false
	}
	switch c.ParentEdgeKind() {
	case edge.RangeStmt_X:
		return true
	case edge.IndexExpr_X:
		switch c.Parent().ParentEdgeKind() {
		case edge.AssignStmt_Lhs, edge.IncDecStmt_X, edge.UnaryExpr_X:
			return false
		}
		return !m.written(c.Parent())
	case edge.CallExpr_Args:
		call := c.Parent().Node().(*ast.CallExpr)
		if m.TypesInfo.Types[call.Fun].IsType() {
			return true
		}
		if m.isBuiltin(call.Fun, "copy") && c.ParentEdgeIndex() == 0 || m.isBuiltin(call.Fun, "clear") {
			return false
		}
		return width8(m.elem) == 0
	case edge.AssignStmt_Rhs, edge.KeyValueExpr_Value, edge.CompositeLit_Elts, edge.SendStmt_Value:
		return true
	}
	return false
}

// written reports whether something of the element is set: v[i].f = x
func (m *slice) written(c inspector.Cursor) bool {
	for {
		switch c.ParentEdgeKind() {
		case edge.SelectorExpr_X, edge.IndexExpr_X, edge.ParenExpr_X:
			c = c.Parent()
			continue
		case edge.AssignStmt_Lhs, edge.IncDecStmt_X, edge.UnaryExpr_X:
			return true
		}
		return false
	}
}

// width8 returns 8 for bytes, else 0.
func width8(t types.Type) int {
	if b, ok := t.Underlying().(*types.Basic); ok && (b.Kind() == types.Uint8 || b.Kind() == types.Int8) {
		return 8
	}
	return 0
}

// meansAll reports whether the length is evidently meant for what is appended.
// Numbers may be padded with zeros on purpose, so for those it must be the very
// count that is appended; others are taken for a mistake if a loop appends them.
func (m *slice) meansAll() bool {
	size := m.call.Args[1]
	n := m.constant(size)
	if m.sumOfSpreads(size) {
		return true
	}
	count, straight := int64(0), true
	looped := false
	for _, g := range m.grows {
		straight = straight && !g.call.Ellipsis.IsValid()
		count += int64(len(g.call.Args) - 1)
		loop, ok := m.loopOf(g)
		if !ok {
			if m.calledBack(g) {
				straight, looped = false, true
			}
			continue
		}
		straight, looped = false, true
		if m.counts(loop.Node(), size) {
			return true
		}
	}
	if n >= 0 {
		return straight && n == count || looped && m.all && !m.numeric()
	}
	return looped && (!m.numeric() || m.all)
}

// calledBack reports whether the growth is in a function literal that is handed to
// a call, which may call it for each element of something, or that a loop calls.
func (m *slice) calledBack(g growth) bool {
	for lit := range g.stmt.Enclosing((*ast.FuncLit)(nil)) {
		if lit.Node().Pos() < m.stmt.Node().Pos() {
			return false
		}
		if lit.ParentEdgeKind() == edge.AssignStmt_Rhs {
			return m.loopCalls(lit)
		}
		if lit.ParentEdgeKind() != edge.CallExpr_Args {
			return false
		}
		switch lit.Parent().ParentEdgeKind() {
		case edge.GoStmt_Call, edge.DeferStmt_Call:
			return false
		}
		fn, ok := typeutil.Callee(m.TypesInfo, lit.Parent().Node().(*ast.CallExpr)).(*types.Func)
		return ok && !lint.IsMethod(fn, "sync", "Once", "Do")
	}
	return false
}

// loopCalls reports whether the literal is what a variable is declared as that a loop calls.
func (m *slice) loopCalls(lit inspector.Cursor) bool {
	as := lit.Parent().Node().(*ast.AssignStmt)
	if as.Tok != token.DEFINE || len(as.Lhs) != len(as.Rhs) {
		return false
	}
	v := m.variableOf(as.Lhs[lit.ParentEdgeIndex()])
	for _, stmt := range m.block {
		for c := range stmt.Preorder((*ast.Ident)(nil)) {
			if v == nil || m.TypesInfo.Uses[c.Node().(*ast.Ident)] != v || c.ParentEdgeKind() != edge.CallExpr_Fun {
				continue
			}
			for loop := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
				if loop.Node().Pos() > m.stmt.Node().Pos() {
					return true
				}
			}
		}
	}
	return false
}

// sumOfSpreads reports whether the number is the sum of the lengths of slices
// that are appended as a whole.
func (m *slice) sumOfSpreads(number ast.Expr) bool {
	if sum, ok := m.unwrap(number).(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		return m.sumOfSpreads(sum.X) && m.sumOfSpreads(sum.Y)
	}
	for _, g := range m.grows {
		if g.call.Ellipsis.IsValid() && m.isLen(number, g.call.Args[1]) {
			return true
		}
	}
	return false
}

// isLen reports whether the number is len(x).
func (m *slice) isLen(number, x ast.Expr) bool {
	number = m.meaning(number)
	call, ok := number.(*ast.CallExpr)
	return ok && x != nil && m.isBuiltin(call.Fun, "len") && len(call.Args) == 1 && m.same(call.Args[0], x)
}

// meaning returns what a local variable was declared as, if it is a length; else
// the number itself.
func (m *slice) meaning(number ast.Expr) ast.Expr {
	number = m.unwrap(number)
	v := m.variableOf(number)
	if v == nil {
		return number
	}
	found := number
	for fn := range m.cur.Enclosing((*ast.FuncDecl)(nil)) {
		ast.Inspect(fn.Node(), func(n ast.Node) bool {
			if as, ok := n.(*ast.AssignStmt); ok && as.Tok == token.DEFINE && len(as.Lhs) == len(as.Rhs) {
				for i, lhs := range as.Lhs {
					if id, ok := lhs.(*ast.Ident); ok && m.TypesInfo.Defs[id] == v {
						if call, ok := m.unwrap(as.Rhs[i]).(*ast.CallExpr); ok && m.isBuiltin(call.Fun, "len") {
							found = call
						}
					}
				}
			}
			return true
		})
	}
	return found
}

// counts reports whether the loop runs as often as the number says.
func (m *slice) counts(loop ast.Node, number ast.Expr) bool {
	switch loop := loop.(type) {
	case *ast.RangeStmt:
		if isInteger(m.TypesInfo.TypeOf(loop.X)) {
			return m.equal(loop.X, number)
		}
		return m.isLen(number, loop.X) || m.isLen(number, m.keysOf(loop.X))
	case *ast.ForStmt:
		cond, ok := loop.Cond.(*ast.BinaryExpr)
		if !ok {
			return false
		}
		switch cond.Op {
		case token.LSS, token.LEQ, token.NEQ:
			return m.equal(cond.Y, number)
		}
	}
	return false
}

// keysOf returns the map of which e yields the keys: a call that is given nothing else, or one of what
// such a call returns.
func (m *slice) keysOf(e ast.Expr) ast.Expr {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return nil
	}
	t := m.TypesInfo.TypeOf(call.Args[0])
	if t == nil {
		return nil
	}
	table, ok := coreOf(t).(*types.Map)
	if !ok {
		return m.keysOf(call.Args[0])
	}
	switch u := coreOf(m.TypesInfo.TypeOf(call)).(type) {
	case *types.Slice:
		if types.Identical(u.Elem(), table.Key()) {
			return call.Args[0]
		}
	case *types.Signature: // an iterator
		if lint.IsFunc(typeutil.Callee(m.TypesInfo, call), "maps", "Keys", "Values", "All") {
			return call.Args[0]
		}
	}
	return nil
}

func (m *slice) equal(x, y ast.Expr) bool {
	if n := m.constant(x); n >= 0 {
		return n == m.constant(y)
	}
	return m.same(x, y) || m.same(m.meaning(x), m.meaning(y))
}

// numeric reports whether a zero may be a value like any other.
func (m *slice) numeric() bool {
	b, ok := coreOf(m.elem).(*types.Basic)
	return ok && b.Info()&(types.IsNumeric|types.IsBoolean) != 0
}

func (m *slice) reportZeros(name string, first ast.Node) {
	length := m.call.Args[1]
	m.Report(analysis.Diagnostic{
		Pos:      m.call.Pos(),
		End:      m.call.End(),
		Category: catLength,
		Message: fmt.Sprintf("%s is made with %s zero elements, and append adds behind them; for room only, write make(%s, 0, %s)",
			name, lint.Text(length), lint.Text(m.call.Args[0]), lint.Text(length)),
		Related: []analysis.RelatedInformation{{Pos: first.Pos(), End: first.End(), Message: "the first element is appended here"}},
	})
}

// inField notes a slice that is made with a length for a field that only this
// package can reach, or of a struct that only the function can.
func (m *slice) inField() {
	f := m.fieldOf()
	if f == nil || m.constant(m.call.Args[1]) == 1 || m.numeric() && !m.all {
		return
	}
	if f.Exported() || f.Pkg() != m.Pkg {
		if !m.ofOwn() {
			return
		}
		m.own = true
	}
	m.v = f
	m.inFields = append(m.inFields, m)
}

// ofOwn reports whether the field is one of a struct in a variable of the function, or in a slice there: one
// that a literal, make or new has made, and that nothing else is done with but to select from it, to range over it
// and to return it.
func (m *slice) ofOwn() bool {
	var v *types.Var
	if as, ok := m.cur.Parent().Node().(*ast.AssignStmt); !ok {
		v = m.literalIn()
	} else if to, ok := ast.Unparen(as.Lhs[m.cur.ParentEdgeIndex()]).(*ast.SelectorExpr); ok {
		v = m.holding(to)
	}
	if v == nil || v.Kind() != types.LocalVar {
		return false
	}
	var fn inspector.Cursor
	for around := range m.cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		fn = around
		break
	}
	if !fn.Valid() || !m.madeIn(fn, v) {
		return false
	}
	for c := range fn.Preorder((*ast.Ident)(nil)) {
		if m.TypesInfo.Uses[c.Node().(*ast.Ident)] != v {
			continue
		}
		switch c.ParentEdgeKind() {
		case edge.SelectorExpr_X:
			if sel := m.TypesInfo.Selections[c.Parent().Node().(*ast.SelectorExpr)]; sel == nil || sel.Kind() != types.FieldVal {
				return false
			}
		case edge.IndexExpr_X:
			elem := c.Parent()
			if elem.ParentEdgeKind() != edge.SelectorExpr_X {
				return false
			}
			if sel := m.TypesInfo.Selections[elem.Parent().Node().(*ast.SelectorExpr)]; sel == nil || sel.Kind() != types.FieldVal {
				return false
			}
		case edge.RangeStmt_X, edge.ReturnStmt_Results:
		case edge.CallExpr_Args:
			if !m.isBuiltin(c.Parent().Node().(*ast.CallExpr).Fun, "len") {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// holding returns the variable that holds the struct of a field, or the slice of such structs, itself: what lies
// behind a pointer in it may be somebody else's.
func (m *slice) holding(field *ast.SelectorExpr) *types.Var {
	if sel := m.TypesInfo.Selections[field]; sel == nil || len(sel.Index()) > 1 {
		return nil
	}
	x := ast.Unparen(field.X)
	if index, ok := x.(*ast.IndexExpr); ok {
		if _, ok := m.TypesInfo.TypeOf(index).Underlying().(*types.Pointer); ok {
			return nil
		}
		x = index.X
	}
	return m.variableOf(x)
}

// madeIn reports whether the function declares the variable with something new.
func (m *slice) madeIn(fn inspector.Cursor, v *types.Var) bool {
	c, ok := fn.FindByPos(v.Pos(), v.Pos())
	if !ok {
		return false
	}
	switch decl := c.Parent().Node().(type) {
	case *ast.ValueSpec:
		return len(decl.Values) == 0
	case *ast.AssignStmt:
		if decl.Tok != token.DEFINE || len(decl.Lhs) != len(decl.Rhs) {
			return false
		}
		switch value := ast.Unparen(decl.Rhs[c.ParentEdgeIndex()]).(type) {
		case *ast.CompositeLit:
			return true
		case *ast.UnaryExpr:
			_, lit := ast.Unparen(value.X).(*ast.CompositeLit)
			return lit && value.Op == token.AND
		case *ast.CallExpr:
			return m.isBuiltin(value.Fun, "make") || m.isBuiltin(value.Fun, "new")
		}
	}
	return false
}

// zerosInFields does the same as zeros for fields: made with a length where the
// struct is, and nowhere used but to append and to read.
func (r *run) zerosInFields() {
	if len(r.inFields) == 0 {
		return
	}
	uses := make(map[*types.Var][]inspector.Cursor)
	for _, m := range r.inFields {
		uses[m.v] = nil
	}
	for c := range r.root.Preorder((*ast.Ident)(nil)) {
		if v, ok := r.TypesInfo.Uses[c.Node().(*ast.Ident)].(*types.Var); ok && v.IsField() {
			v = v.Origin()
			if list, ok := uses[v]; ok {
				uses[v] = append(list, c)
			}
		}
	}
	for _, m := range r.inFields {
		m.uses = uses[m.v]
		m.zerosInField()
	}
}

func (m *slice) zerosInField() {
	if m.own {
		for fn := range m.cur.Enclosing((*ast.FuncDecl)(nil)) {
			if first, ok := m.fieldGrows(fn.Node()); ok && first != nil && m.call.End() < first.Pos() && m.counted(first) {
				m.reportZeros(m.v.Name(), first)
			}
		}
		return
	}
	first, ok := m.fieldGrows(nil)
	if !ok {
		// In one function, it takes no more than that function to know.
		_, assigned := m.cur.Parent().Node().(*ast.AssignStmt)
		if enclosing(m.cur) == nil || !assigned && !m.kept() {
			return
		}
		for fn := range m.cur.Enclosing((*ast.FuncDecl)(nil)) {
			first, ok = m.fieldGrows(fn.Node())
		}
		if !ok || first == nil || first.Pos() < m.call.Pos() {
			return
		}
	}
	if first != nil {
		m.reportZeros(m.v.Name(), first)
	}
}

// counted reports whether a loop around n, after the make, runs as often as the length says.
func (m *slice) counted(n ast.Node) bool {
	c, ok := m.root.FindByPos(n.Pos(), n.End())
	if !ok {
		return false
	}
	for loop := range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if m.call.End() < loop.Node().Pos() && m.counts(loop.Node(), m.call.Args[1]) {
			return true
		}
	}
	return false
}

// kept reports whether the make is part of a literal whose address a variable
// holds that the function uses for nothing but to select from it, and to return it.
func (m *slice) kept() bool {
	v := m.literalIn()
	if v == nil {
		return false
	}
	for fn := range m.cur.Enclosing((*ast.FuncDecl)(nil)) {
		for c := range fn.Preorder((*ast.Ident)(nil)) {
			if m.TypesInfo.Uses[c.Node().(*ast.Ident)] != v {
				continue
			}
			switch c.ParentEdgeKind() {
			case edge.ReturnStmt_Results:
				continue
			case edge.SelectorExpr_X:
				if sel := m.TypesInfo.Selections[c.Parent().Node().(*ast.SelectorExpr)]; sel != nil && sel.Kind() == types.FieldVal {
					continue
				}
			}
			return false
		}
	}
	return true
}

// literalIn returns the variable that is declared with the literal, or its address, that the make is part of.
func (m *slice) literalIn() *types.Var {
	lit := m.cur.Parent().Parent()
	if _, ok := lit.Node().(*ast.CompositeLit); !ok {
		return nil
	}
	if lit.ParentEdgeKind() == edge.UnaryExpr_X {
		lit = lit.Parent()
	}
	as, ok := lit.Parent().Node().(*ast.AssignStmt)
	if !ok || lit.ParentEdgeKind() != edge.AssignStmt_Rhs || as.Tok != token.DEFINE || len(as.Lhs) != len(as.Rhs) {
		return nil
	}
	return m.variableOf(as.Lhs[lit.ParentEdgeIndex()])
}

// fieldGrows returns the first append to the field within a node, or in the package if
// that is nil, and whether all of its uses there are such, the make, and reads.
func (m *slice) fieldGrows(in ast.Node) (first ast.Node, ok bool) {
	for _, c := range m.uses {
		if at := c.Node().Pos(); in != nil && (at < in.Pos() || in.End() <= at) {
			continue
		}
		if c.ParentEdgeKind() == edge.KeyValueExpr_Key {
			if value := ast.Unparen(c.Parent().Node().(*ast.KeyValueExpr).Value); value != m.call {
				return nil, false
			}
			continue
		}
		if c.ParentEdgeKind() != edge.SelectorExpr_Sel {
			return nil, false
		}
		sel := c.Parent()
		switch sel.ParentEdgeKind() {
		case edge.AssignStmt_Lhs:
			as := sel.Parent().Node().(*ast.AssignStmt)
			if len(as.Lhs) != 1 || len(as.Rhs) != 1 || as.Tok != token.ASSIGN {
				return nil, false
			}
			call, ok := ast.Unparen(as.Rhs[0]).(*ast.CallExpr)
			if !ok {
				return nil, false
			}
			if call == m.call {
				continue
			}
			if !m.isBuiltin(call.Fun, "append") || len(call.Args) < 2 || call.Ellipsis.IsValid() || !m.same(call.Args[0], as.Lhs[0]) {
				return nil, false
			}
			if first == nil {
				first = call
			}
		case edge.CallExpr_Args:
			call := sel.Parent().Node().(*ast.CallExpr)
			if !m.isBuiltin(call.Fun, "append") && !m.isBuiltin(call.Fun, "len") || sel.ParentEdgeIndex() != 0 {
				return nil, false
			}
		case edge.ReturnStmt_Results, edge.RangeStmt_X:
		case edge.KeyValueExpr_Value, edge.CompositeLit_Elts:
			if !m.boxed(sel) {
				return nil, false
			}
		case edge.IndexExpr_X:
			if m.written(sel.Parent()) || sel.Parent().ParentEdgeKind() == edge.AssignStmt_Lhs || sel.Parent().ParentEdgeKind() == edge.UnaryExpr_X {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return first, true
}

// boxed reports whether an element of a literal becomes an interface value: what prints or encodes that
// reads it.
func (m *slice) boxed(c inspector.Cursor) bool {
	if c.ParentEdgeKind() == edge.KeyValueExpr_Value {
		c = c.Parent()
	}
	lit, ok := c.Parent().Node().(*ast.CompositeLit)
	if !ok {
		return false
	}
	switch t := coreOf(m.TypesInfo.TypeOf(lit)).(type) {
	case *types.Map:
		return types.IsInterface(t.Elem())
	case *types.Slice:
		return types.IsInterface(t.Elem())
	}
	return false
}

// fieldOf returns the field that the new slice is stored in.
func (m *slice) fieldOf() *types.Var {
	switch m.cur.ParentEdgeKind() {
	case edge.KeyValueExpr_Value:
		id, ok := m.cur.Parent().Node().(*ast.KeyValueExpr).Key.(*ast.Ident)
		if !ok {
			return nil
		}
		f, ok := m.TypesInfo.Uses[id].(*types.Var)
		if ok && f.IsField() {
			return f.Origin()
		}
	case edge.AssignStmt_Rhs:
		as := m.cur.Parent().Node().(*ast.AssignStmt)
		if len(as.Lhs) != len(as.Rhs) {
			return nil
		}
		sel, ok := ast.Unparen(as.Lhs[m.cur.ParentEdgeIndex()]).(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		f, ok := m.TypesInfo.Uses[sel.Sel].(*types.Var)
		if ok && f.IsField() {
			return f.Origin()
		}
	}
	return nil
}
