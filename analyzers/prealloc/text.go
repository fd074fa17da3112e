package prealloc

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"

	"github.com/heapvet/heapvet/lint"
)

// smallBuffer is how many bytes a bytes.Buffer makes room for when it is first
// written to, and what a strings.Builder reaches in two or three steps.
const smallBuffer = 64

// worthText decides whether reserving room in a strings.Builder or bytes.Buffer
// is worth a word.
func (s *scan) worthText(f *finding) bool {
	f.total = f.loop.bound.times(f.paths.each.bound())
	f.size = 1
	f.noFix = f.total.unsafe || f.total.call
	n := f.total.n
	switch {
	case f.total.counted && len(f.paths.errors) > 0:
		return false
	case f.paths.each.varies:
		if f.loop.bound.n >= 0 && f.loop.bound.n <= fewRounds {
			return false
		}
	case n >= 0 && n <= smallBuffer:
		return false
	}
	if n > tooLarge {
		f.noFix = true
		if !s.all {
			return false
		}
	}
	return s.all || !s.unworthy(f) && (!f.total.call || s.often(f.loop)) && !(0 <= f.loop.bound.n && f.loop.bound.n <= fewRounds && f.paths.each.rest == nil)
}

// reportText reports a strings.Builder or bytes.Buffer.
func (s *scan) reportText(f *finding) {
	l, t := f.loop, f.target
	d := analysis.Diagnostic{
		Pos:      f.origin.id.Pos(),
		End:      f.origin.id.End(),
		Category: catBuilder,
		Related:  f.related(),
	}
	if t.field != nil {
		x := t.first.(*ast.CallExpr).Fun.(*ast.SelectorExpr).X
		d.Pos, d.End = x.Pos(), x.End()
	}
	switch list, sep, ok := l.joinsText(t); {
	case ok:
		d.Message = fmt.Sprintf("%s grows by all the strings in %s, and is copied each time it outgrows its buffer; strings.Join(%s, %s) makes the string in one step",
			t.name(), list, list, sep)
	case f.paths.each.varies:
		d.Message = fmt.Sprintf("%s grows in a loop that runs %s, and is copied each time it outgrows its buffer; add up the lengths first and call %s.Grow once before the loop",
			t.name(), times(l.bound), t.name())
	default:
		d.Message = fmt.Sprintf("%s grows to %s bytes piece by piece, and is copied each time it outgrows its buffer; call %s.Grow(%s) before the loop",
			t.name(), f.total.text, t.name(), f.total.safe)
		if fix, ok := s.growText(f); ok && !f.noFix {
			d.SuggestedFixes = []analysis.SuggestedFix{fix}
		}
	}
	s.Report(d)
}

// growText inserts a call of the Grow method on a line of its own before the loop.
func (s *scan) growText(f *finding) (fix analysis.SuggestedFix, ok bool) {
	l := f.loop
	if f.total.safe != f.total.text && (!l.builtin("max") || !lint.GoAtLeast(s.Pass, lint.FileOf(s.Pass, l.stmt.Pos()), "go1.21")) {
		return fix, false
	}
	cur, ok := l.statement()
	if !ok {
		return fix, false
	}
	pos := cur.Node().Pos()
	indent, ok := s.indent(pos)
	if !ok {
		return fix, false
	}
	text := fmt.Sprintf("%s.Grow(%s)\n%s", f.target.name(), f.total.safe, indent)
	return analysis.SuggestedFix{
		Message:   "reserve room for " + f.total.text + " bytes before the loop",
		TextEdits: []analysis.TextEdit{{Pos: pos, End: pos, NewText: []byte(text)}},
	}, true
}

// joinsText reports whether the loop and the text are as a whole strings.Join:
// nothing is written but the strings in a slice, perhaps with the same text
// between them, and nothing is asked for but the string.
func (l *loop) joinsText(t *target) (list, sep string, ok bool) {
	stmt, ok := l.stmt.(*ast.RangeStmt)
	if !ok || t.field != nil {
		return "", "", false
	}
	slice, ok := l.info.TypeOf(stmt.X).(*types.Slice)
	if !ok || !types.Identical(slice.Elem(), types.Typ[types.String]) {
		return "", "", false
	}
	element := rangeVar(l.info, stmt.Value)
	body := l.body.List
	sep = `""`
	if len(body) == 2 {
		// if i > 0 { sep }; element — or element; if i < n-1 { sep }
		at := 0
		if _, ok := body[0].(*ast.IfStmt); !ok {
			at = 1
		}
		branch, ok := body[at].(*ast.IfStmt)
		if !ok || branch.Else != nil || branch.Init != nil || len(branch.Body.List) != 1 || l.comparesWithConstant(branch.Cond) != (at == 0) {
			return "", "", false
		}
		if sep = l.separator(t, branch.Body.List[0]); sep == "" {
			return "", "", false
		}
		body = body[1-at : 2-at]
	}
	if len(body) != 1 || element == nil {
		return "", "", false
	}
	call := t.write(body[0])
	if call == nil {
		return "", "", false
	}
	if v, field := resolve(l.info, call.Args[0]); v != element || field != nil {
		return "", "", false
	}
	for cur := range l.fn.Preorder((*ast.Ident)(nil)) {
		id := cur.Node().(*ast.Ident)
		if l.info.Uses[id] != t.v || l.within(id.Pos()) {
			continue
		}
		if cur.ParentEdgeKind() != edge.SelectorExpr_X || cur.Parent().Node().(*ast.SelectorExpr).Sel.Name != "String" {
			return "", "", false
		}
	}
	return types.ExprString(stmt.X), sep, true
}

// write returns the call if the statement is one that adds to the text.
func (t *target) write(stmt ast.Stmt) *ast.CallExpr {
	e, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	if _, ok := t.grows[e.X]; !ok {
		return nil
	}
	return e.X.(*ast.CallExpr)
}

// separator returns the string that the statement writes, as an expression.
func (l *loop) separator(t *target, stmt ast.Stmt) string {
	call := t.write(stmt)
	if call == nil {
		return ""
	}
	arg := call.Args[0]
	if !lint.IsString(l.info.TypeOf(arg)) {
		r, ok := constant.Int64Val(l.constant(arg))
		if !ok {
			return ""
		}
		return strconv.Quote(string(rune(r)))
	}
	return types.ExprString(arg)
}

// constant returns the value of an integer constant, or an unknown one.
func (l *loop) constant(e ast.Expr) constant.Value {
	if v := l.info.Types[e].Value; v != nil {
		return constant.ToInt(v)
	}
	return constant.MakeUnknown()
}

func (l *loop) comparesWithConstant(cond ast.Expr) bool {
	cmp, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	return ok && (l.info.Types[cmp.X].Value != nil || l.info.Types[cmp.Y].Value != nil)
}
