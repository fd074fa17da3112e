package badcap

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
)

// wasted reports room that is reserved for elements that hardly ever come.
func (m *slice) wasted() {
	room := m.call.Args[2]
	if m.constant(room) == 0 {
		return
	}
	var conds []condition
	for _, g := range m.grows {
		cond, ok := m.conditional(g)
		if !ok || g.call.Ellipsis.IsValid() && !m.isErrors() || m.fromErrors(g) || m.outcome(cond, g) {
			return
		}
		conds = append(conds, cond)
	}
	var message string
	if m.isErrors() {
		if m.givenErrors() {
			return
		}
		message = fmt.Sprintf("%s reserves room for %s errors, also when there are none: that is an allocation on every call that succeeds; start from an empty list", m.v.Name(), lint.Text(room))
	} else {
		if m.constant(room) >= 0 && !m.all {
			return
		}
		rare := ""
		for i, cond := range conds {
			why := m.rare(cond, m.grows[i])
			if why == "" && m.all && m.sizeof(m.elem) >= largeElement {
				why = "that pass a condition"
			}
			if why == "" {
				return
			}
			rare = why
		}
		if !m.returned() && !m.all {
			return
		}
		message = fmt.Sprintf("%s reserves room for %s elements of %d bytes, but adds only those %s: the rest is held for nothing; start from an empty slice",
			m.v.Name(), lint.Text(room), m.sizeof(m.elem), rare)
	}
	if m.constant(room) >= 0 && !m.onHeap() {
		return
	}
	d := analysis.Diagnostic{Pos: m.call.Pos(), End: m.call.End(), Category: catWasted, Message: message}
	for i, cond := range conds {
		if i < 3 {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: cond.expr.Pos(), End: cond.expr.End(), Message: "this decides whether something is added"})
		}
	}
	m.fix(&d)
	m.Report(d)
}

// onHeap reports whether an array of constant size is on the heap.
func (m *slice) onHeap() bool {
	for fn := range m.cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if escape.Outlives(m.TypesInfo, fn, m.v, nil) {
			return true
		}
		break
	}
	return escape.Of(m.Pass).Expr(m.call) == escape.Heap
}

// fix offers the empty literal, which is as little nil as what make returns.
func (m *slice) fix(d *analysis.Diagnostic) {
	edits, ok := m.literal()
	if !ok {
		return
	}
	f := analysis.SuggestedFix{Message: "start from an empty slice without room"}
	for _, e := range edits {
		f.TextEdits = append(f.TextEdits, analysis.TextEdit{Pos: e.pos, End: e.end, NewText: []byte(e.text)})
	}
	d.SuggestedFixes = []analysis.SuggestedFix{f}
}

// isErrors reports whether the elements are errors.
func (m *slice) isErrors() bool { return implementsError(m.elem) }

func implementsError(t types.Type) bool {
	iface := types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
	return types.Implements(t, iface) || !types.IsInterface(t) && types.Implements(types.NewPointer(t), iface)
}

// fromErrors reports whether the loop around the growth ranges over errors: those
// may well all be kept.
func (m *slice) fromErrors(g growth) bool {
	loop, ok := m.loopOf(g)
	if !ok {
		return false
	}
	stmt, ok := loop.Node().(*ast.RangeStmt)
	if !ok {
		return false
	}
	list, ok := coreOf(m.TypesInfo.TypeOf(stmt.X)).(*types.Slice)
	return ok && implementsError(list.Elem())
}

// givenErrors reports whether the function is given errors, as its receiver or a parameter: it
// is called when there are some.
func (m *slice) givenErrors() bool {
	for fn := range m.cur.Enclosing((*ast.FuncDecl)(nil)) {
		obj, ok := m.TypesInfo.Defs[fn.Node().(*ast.FuncDecl).Name].(*types.Func)
		if !ok {
			return false
		}
		sig := obj.Signature()
		if recv := sig.Recv(); recv != nil && implementsError(recv.Type()) {
			return true
		}
		for p := range sig.Params().Variables() {
			t := p.Type()
			if m, ok := coreOf(t).(*types.Map); ok {
				t = m.Elem() // there are no nils in it, as there may be in a slice
			}
			if implementsError(t) {
				return true
			}
		}
	}
	return false
}

// outcome reports whether an element that is added is what some work came to, read from
// elsewhere, and the condition does not ask whether it failed: nil may be one of those.
func (m *slice) outcome(c condition, g growth) bool {
	if !m.isErrors() || m.rare(c, g) != "" {
		return false
	}
	return slices.ContainsFunc(g.call.Args[1:], func(arg ast.Expr) bool {
		switch arg := ast.Unparen(arg).(type) {
		case *ast.IndexExpr:
			return true
		case *ast.SelectorExpr:
			v, ok := m.TypesInfo.Uses[arg.Sel].(*types.Var)
			return ok && v.IsField()
		}
		return false
	})
}

// rare says which elements pass the condition, if these are evidently few of
// all: those that failed, one in many, or large ones with one value of a key.
func (m *slice) rare(c condition, g growth) string {
	cond, ok := ast.Unparen(c.expr).(*ast.BinaryExpr)
	if !ok {
		return ""
	}
	op := cond.Op
	if !c.is {
		op = lint.Negated(op)
	}
	switch op {
	case token.NEQ:
		if id, ok := ast.Unparen(cond.Y).(*ast.Ident); ok && m.TypesInfo.Types[id].IsNil() && lint.IsError(m.TypesInfo.TypeOf(cond.X)) {
			return "for which " + lint.Text(cond.X) + " is not nil"
		}
	case token.EQL:
		if m.sizeof(m.elem) >= largeElement && m.selects(cond, g) {
			return "for which " + lint.Text(cond)
		}
		rem, ok := ast.Unparen(cond.X).(*ast.BinaryExpr)
		if !ok || rem.Op != token.REM {
			return ""
		}
		if n := m.constant(rem.Y); n >= 8 {
			return fmt.Sprintf("with %s == %s, one in %d", lint.Text(cond.X), lint.Text(cond.Y), n)
		}
	}
	return ""
}

const largeElement = 64 // bytes of an element of which a slice is worth less room

// selects reports whether the comparison is of something of the element with a
// value that is looked for: text or a number, and neither constant nor one of an
// enumeration, which many have.
func (m *slice) selects(cond *ast.BinaryExpr, g growth) bool {
	loop, ok := m.loopOf(g)
	if !ok {
		return false
	}
	stmt, ok := loop.Node().(*ast.RangeStmt)
	if !ok || stmt.Value == nil {
		return false
	}
	inside := func(e ast.Expr) bool {
		return has(e, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return false
			}
			v, ok := m.TypesInfo.Uses[id].(*types.Var)
			return ok && stmt.Pos() <= v.Pos() && v.Pos() < stmt.End()
		})
	}
	x, y := cond.X, cond.Y
	if inside(y) {
		x, y = y, x
	}
	basic, ok := types.Unalias(m.TypesInfo.TypeOf(x)).(*types.Basic)
	return ok && basic.Info()&(types.IsString|types.IsInteger) != 0 && inside(x) && !inside(y) &&
		m.TypesInfo.Types[y].Value == nil && m.variableOf(stmt.Value) != nil && m.simple(x) && m.simple(y)
}
