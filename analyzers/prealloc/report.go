package prealloc

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"math/bits"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

func (s *scan) report(f *finding) {
	t := f.target
	if t.isText {
		s.reportText(f)
		return
	}
	at := ast.Node(f.origin.id)
	if t.field != nil {
		switch first := t.first.(type) {
		case *ast.CallExpr:
			at = first.Args[0]
		case *ast.IndexExpr:
			at = first.X
		}
	}
	d := analysis.Diagnostic{
		Pos:      at.Pos(),
		End:      at.End(),
		Category: catSlice,
		Related:  f.related(),
	}
	switch {
	case t.isMap:
		d.Category = catMap
		room := f.total.text
		if f.total.call {
			room += ", called once"
		}
		d.Message = fmt.Sprintf("%s receives %s keys one by one and is rehashed each time it outgrows its table; make it with room for %s",
			t.name(), f.total.text, room)
	case f.paths.each.varies:
		d.Category = catFlatten
		d.Message = fmt.Sprintf("%s grows by append of one slice after the other, and is copied each time it outgrows its array; add up their lengths first and reserve the sum before the loop",
			t.name())
	default:
		often := "about log2(" + f.total.text + ") times"
		if n := f.total.n; n >= 0 {
			often = fmt.Sprintf("about %d times", bits.Len64(uint64(n-1)))
		}
		elements := "elements"
		if f.size >= 0 {
			elements = fmt.Sprintf("elements of %d bytes", f.size)
		}
		by := "to"
		if !f.origin.known || f.origin.begun > 0 {
			by = "by"
		}
		room := ""
		if f.origin.room > 0 {
			room = fmt.Sprintf("has room for %d and ", f.origin.room)
		}
		reserve := "reserve " + f.total.safe + " before the loop"
		if f.total.call {
			reserve = "keep what the call returns, and reserve " + f.total.safe + " before the loop"
		}
		d.Message = fmt.Sprintf("%s %sgrows by append %s %s %s, and is copied %s on the way; %s",
			t.name(), room, by, f.total.text, elements, often, reserve)
	}
	if !f.noFix {
		if fix, ok := s.fix(f); ok {
			d.SuggestedFixes = []analysis.SuggestedFix{fix}
		}
	}
	s.Report(d)
}

// related returns the loop, and where in it the target grows.
func (f *finding) related() []analysis.RelatedInformation {
	l, t := f.loop, f.target
	return []analysis.RelatedInformation{
		{Pos: l.stmt.Pos(), End: l.body.Lbrace, Message: "this loop runs " + times(l.bound)},
		{Pos: t.first.Pos(), End: t.first.End(), Message: t.name() + " grows here"},
	}
}

func times(b bound) string {
	if b.n == 1 {
		return "once"
	}
	return b.text + " times"
}

// fix reserves what the loop needs and changes nothing else: what was nil stays
// nil if the loop does not run, and what was empty stays empty.
func (s *scan) fix(f *finding) (analysis.SuggestedFix, bool) {
	l, t := f.loop, f.target
	if f.total.safe != f.total.text && !t.isMap && (!l.builtin("max") || !lint.GoAtLeast(s.Pass, lint.FileOf(s.Pass, l.stmt.Pos()), "go1.21")) {
		return analysis.SuggestedFix{}, false
	}
	if l.canRewrite(f) && l.builtin("make") {
		if edits := rewrite(f); edits != nil {
			return analysis.SuggestedFix{Message: "make " + t.name() + " with room for " + f.total.text, TextEdits: edits}, true
		}
	}
	if t.isMap || f.origin.empty == nil && f.origin.begun == 0 && l.leaks(t, f) {
		return analysis.SuggestedFix{}, false
	}
	edits := s.grow(f)
	return analysis.SuggestedFix{Message: "reserve room for " + f.total.text + " elements before the loop", TextEdits: edits}, edits != nil
}

// leaks reports whether an error that ends the loop before its first growth
// shows the target, which slices.Grow would have made non-nil.
func (l *loop) leaks(t *target, f *finding) bool {
	if len(f.paths.errors) > 0 && (!f.origin.known || f.origin.reset.IsValid()) {
		return true
	}
	found := false
	for _, ret := range f.paths.errors {
		ast.Inspect(ret, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && l.info.Uses[id] == t.v {
				found = true
			}
			return !found
		})
	}
	return found
}

// canRewrite reports whether the bound can be written where the target is made
// empty: its variables are declared by then, hold what they hold at the loop,
// and nothing between the two decides whether the loop is reached.
func (l *loop) canRewrite(f *finding) bool {
	o := &f.origin
	if o.empty == nil || o.decl == nil {
		return false
	}
	for _, v := range f.total.vars {
		if !v.IsField() && v.Pkg() == o.pkg(l) && v.Parent() != v.Pkg().Scope() && v.Pos() >= o.decl.Pos() {
			return false
		}
	}
	cur, ok := l.statement()
	if !ok {
		return false
	}
	for cur.Node() != o.decl {
		if cur, ok = cur.PrevSibling(); !ok {
			return false
		}
		switch stmt := cur.Node().(type) {
		case *ast.AssignStmt, *ast.DeclStmt, *ast.ExprStmt, *ast.IncDecStmt:
			if l.disturbs(f.total, stmt.(ast.Stmt)) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (o *origin) pkg(l *loop) *types.Package { return l.info.ObjectOf(o.id).Pkg() }

// disturbs reports whether a statement may change what the bound reads.
func (l *loop) disturbs(b bound, stmt ast.Stmt) bool {
	for _, v := range b.vars {
		if l.assigned(v, stmt) {
			return true
		}
	}
	if b.plain {
		return false
	}
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && !l.info.Types[call.Fun].IsType() && !isBuiltin(l.info, call.Fun, "make", "new", "len", "cap") {
			found = true
		}
		if assign, ok := n.(*ast.AssignStmt); ok && assign.Tok != token.DEFINE {
			found = true
		}
		return !found
	})
	return found
}

// rewrite gives the expression that makes the target empty a capacity.
func rewrite(f *finding) []analysis.TextEdit {
	n := f.total.safe
	if f.target.isMap {
		n = f.total.text // a negative hint is none
	}
	switch e := f.origin.empty.(type) {
	case *ast.CompositeLit:
		if e.Lbrace+1 != e.Rbrace {
			return nil // a comment inside
		}
		tail := ", 0, " + n + ")"
		if f.target.isMap {
			tail = ", " + n + ")"
		}
		return []analysis.TextEdit{
			{Pos: e.Pos(), End: e.Pos(), NewText: []byte("make(")},
			{Pos: e.Lbrace, End: e.End(), NewText: []byte(tail)},
		}
	case *ast.CallExpr:
		last := e.Args[len(e.Args)-1]
		if f.target.isMap && len(e.Args) == 2 || len(e.Args) == 3 {
			return []analysis.TextEdit{{Pos: last.Pos(), End: last.End(), NewText: []byte(n)}}
		}
		return []analysis.TextEdit{{Pos: last.End(), End: last.End(), NewText: []byte(", " + n)}}
	}
	return nil
}

// grow inserts a call of slices.Grow on a line of its own before the loop.
func (s *scan) grow(f *finding) []analysis.TextEdit {
	l := f.loop
	file := lint.FileOf(s.Pass, l.stmt.Pos())
	cur, ok := l.statement()
	if !ok || file == nil || !lint.GoAtLeast(s.Pass, file, "go1.21") {
		return nil
	}
	indent, ok := s.indent(cur.Node().Pos())
	if !ok {
		return nil
	}
	grow, edits, ok := lint.Qualify(s.Pass, l.stmt.Pos(), "slices", "Grow")
	if !ok {
		return nil
	}
	name := f.target.name()
	text := fmt.Sprintf("%s = %s(%s, %s)\n%s", name, grow, name, f.total.safe, indent)
	return append(edits, analysis.TextEdit{Pos: cur.Node().Pos(), End: cur.Node().Pos(), NewText: []byte(text)})
}

// indent returns the white space before pos, if there is nothing else on its line.
func (s *scan) indent(pos token.Pos) (string, bool) {
	tf := s.Fset.File(pos)
	content, err := s.ReadFile(tf.Name())
	offset := tf.Offset(pos)
	if err != nil || offset > len(content) {
		return "", false
	}
	start := offset
	for start > 0 && (content[start-1] == ' ' || content[start-1] == '\t') {
		start--
	}
	return string(content[start:offset]), start == 0 || content[start-1] == '\n'
}
