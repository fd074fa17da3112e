package prealloc

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

// flatten reports a loop that is as a whole slices.Concat: it does nothing but
// append all the slices in a slice, one after the other, to one that was nil.
func (s *scan) flatten(l *loop, t *target) bool {
	slices, ok := l.joins(t)
	if !ok {
		return false
	}
	file := lint.FileOf(s.Pass, l.stmt.Pos())
	if file == nil || !lint.GoAtLeast(s.Pass, file, "go1.22") {
		return false
	}
	o, ok := l.origin(t)
	if !ok || !l.undisturbed(t, &o, rest{}) || !o.known || o.empty != nil || o.reset.IsValid() || o.begun > 0 {
		return false
	}
	elem := t.typ().Underlying().(*types.Slice).Elem()
	f := &finding{loop: l, target: t, origin: o}
	if !s.all && s.unworthy(f) || isErrorLike(elem) || s.cold.is(l) {
		return false
	}
	if !lint.SizeVaries(elem) && s.TypesSizes.Sizeof(elem) == 0 || s.judged(f) != escape.Heap {
		return false
	}
	name := types.ExprString(slices)
	d := analysis.Diagnostic{
		Pos:      o.id.Pos(),
		End:      o.id.End(),
		Category: catFlatten,
		Message: fmt.Sprintf("%s grows by append of all the slices in %s, and is copied each time it outgrows its array; slices.Concat(%s...) makes it in one step",
			t.name(), name, name),
		Related: []analysis.RelatedInformation{{Pos: l.stmt.Pos(), End: l.body.Lbrace, Message: "this loop is slices.Concat"}},
	}
	if concat, edits, ok := lint.Qualify(s.Pass, l.stmt.Pos(), "slices", "Concat"); ok && !commented(file, l.stmt) {
		text := fmt.Sprintf("%s = %s(%s...)", t.name(), concat, name)
		d.SuggestedFixes = []analysis.SuggestedFix{{
			Message:   "call slices.Concat",
			TextEdits: append(edits, analysis.TextEdit{Pos: l.stmt.Pos(), End: l.stmt.End(), NewText: []byte(text)}),
		}}
	}
	if cur, ok := l.statement(); ok && cur.Node() == l.stmt {
		s.Report(d)
	}
	return true
}

// joins returns the slice of slices whose elements the loop appends to t, if it
// does nothing else.
func (l *loop) joins(t *target) (slices ast.Expr, ok bool) {
	outer, ok := l.stmt.(*ast.RangeStmt)
	if !ok || !t.isSlice() || t.field != nil || len(l.body.List) != 1 {
		return nil, false
	}
	list, ok := l.info.TypeOf(outer.X).Underlying().(*types.Slice)
	if !ok || !types.Identical(list.Elem(), t.typ()) {
		return nil, false
	}
	b, ok := l.length(outer.X)
	if !ok {
		return nil, false
	}
	l.bound = b
	stmt, from := l.body.List[0], walked(l.info, outer)
	whole := true // slices are appended, not their elements
	if inner, ok := stmt.(*ast.RangeStmt); ok && len(inner.Body.List) == 1 {
		// for _, x := range xs { out = append(out, x) }
		v, field := resolve(l.info, inner.X)
		if from == nil || v != from || field != nil {
			return nil, false
		}
		stmt, from, whole = inner.Body.List[0], walked(l.info, inner), false
	}
	assign, ok := stmt.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 {
		return nil, false
	}
	call, ok := ast.Unparen(assign.Rhs[0]).(*ast.CallExpr)
	if _, grows := t.grows[call]; !ok || !grows || len(call.Args) != 2 || call.Ellipsis.IsValid() != whole {
		return nil, false
	}
	if from == nil {
		return outer.X, whole && l.element(outer, call.Args[1])
	}
	v, field := resolve(l.info, call.Args[1])
	return outer.X, v == from && field == nil
}

// element reports whether e is the element of what the statement ranges over, by its
// index: for i := range xss { … xss[i] … }
func (l *loop) element(stmt *ast.RangeStmt, e ast.Expr) bool {
	index, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok || stmt.Key == nil || stmt.Value != nil {
		return false
	}
	x, field1 := resolve(l.info, index.X)
	y, field2 := resolve(l.info, stmt.X)
	i, field := resolve(l.info, index.Index)
	return x != nil && x == y && field1 == field2 && i != nil && field == nil && i == rangeVar(l.info, stmt.Key)
}

// walked returns the variable for the elements of what the statement ranges
// over, if it has no other.
func walked(info *types.Info, stmt *ast.RangeStmt) *types.Var {
	if key, ok := stmt.Key.(*ast.Ident); !ok || key.Name != "_" || stmt.Value == nil {
		return nil
	}
	if _, ok := info.TypeOf(stmt.X).Underlying().(*types.Slice); !ok {
		return nil
	}
	return rangeVar(info, stmt.Value)
}

// commented reports whether there is a comment inside of the node.
func commented(file *ast.File, n ast.Node) bool {
	for _, group := range file.Comments {
		if n.Pos() < group.Pos() && group.Pos() < n.End() {
			return true
		}
	}
	return false
}

// collect reports slices.Collect of the keys or values of a map, which does not
// know how many there are.
func (s *scan) collect(cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	if len(call.Args) != 1 || !lint.IsFunc(typeutil.Callee(s.TypesInfo, call), "slices", "Collect") {
		return
	}
	seq, ok := ast.Unparen(call.Args[0]).(*ast.CallExpr)
	if !ok || len(seq.Args) != 1 || !lint.IsFunc(typeutil.Callee(s.TypesInfo, seq), "maps", "Keys", "Values") {
		return
	}
	m, ok := s.TypesInfo.TypeOf(seq.Args[0]).Underlying().(*types.Map)
	l := newLoop(s.TypesInfo, lazyssa.Of(s.Pass), cur)
	if !ok || l == nil || fewKeys(m.Key()) && !s.all {
		return
	}
	l.bound, ok = l.lengthOnce(seq.Args[0])
	if !ok || s.cold.is(l) || !s.all && (s.printed(cur) || l.short() || l.stringer() || s.aside(l) || l.bound.call && !s.often(l)) {
		return
	}
	d := analysis.Diagnostic{
		Pos:      call.Pos(),
		End:      call.End(),
		Category: catCollect,
		Message: fmt.Sprintf("slices.Collect does not know that there are %s elements, and copies them about log2(%s) times; slices.AppendSeq to a slice with that room makes it in one step",
			l.bound.text, l.bound.text),
	}
	t, isSlice := s.TypesInfo.TypeOf(call).(*types.Slice)
	fun, isSel := call.Fun.(*ast.SelectorExpr)
	if isSlice && isSel && !l.bound.call {
		if elem, ok := l.typeText(t.Elem()); ok {
			pkg := types.ExprString(fun.X)
			// Growing nil by nothing leaves it nil, as Collect of nothing is.
			d.SuggestedFixes = []analysis.SuggestedFix{{
				Message: "append to a slice with room for " + l.bound.text,
				TextEdits: []analysis.TextEdit{
					{Pos: fun.Sel.Pos(), End: fun.Sel.End(), NewText: []byte("AppendSeq")},
					{Pos: call.Args[0].Pos(), End: call.Args[0].Pos(), NewText: []byte(fmt.Sprintf("%s.Grow([]%s(nil), %s), ", pkg, elem, l.bound.text))},
				},
			}}
		}
	}
	s.Report(d)
}

// printed reports whether a list is there for one of its elements, or to be one of the operands of
// a message, which costs more.
func (s *scan) printed(cur inspector.Cursor) bool {
	switch parent := cur.Parent().Node().(type) {
	case *ast.IndexExpr:
		return cur.ParentEdgeKind() == edge.IndexExpr_X
	case *ast.CallExpr:
		sig, ok := s.TypesInfo.TypeOf(parent.Fun).(*types.Signature)
		if !ok || !sig.Variadic() || cur.ParentEdgeKind() != edge.CallExpr_Args || cur.ParentEdgeIndex() < sig.Params().Len()-1 {
			return false
		}
		operand := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice).Elem()
		iface, ok := operand.Underlying().(*types.Interface)
		return ok && iface.Empty() && !parent.Ellipsis.IsValid()
	}
	return false
}

// typeText returns how a type is written where the loop stands, if that is simple.
func (l *loop) typeText(t types.Type) (string, bool) {
	var obj *types.TypeName
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		text, ok := l.typeText(t.Elem())
		return "*" + text, ok
	case *types.Basic:
		_, ok := l.lookup(t.Name(), l.stmt.Pos()).(*types.TypeName)
		return t.Name(), ok && l.lookup(t.Name(), l.stmt.Pos()).Pkg() == nil
	case *types.Named:
		if t.TypeArgs().Len() > 0 {
			return "", false
		}
		obj = t.Obj()
	case *types.TypeParam:
		obj = t.Obj()
	default:
		return "", false
	}
	return obj.Name(), l.lookup(obj.Name(), l.stmt.Pos()) == obj
}
