package needlesscopy

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/alloc"
	"github.com/heapvet/heapvet/lint"
)

// split looks for a slice of strings of which the first is taken, or that is ranged
// over and forgotten.
func (r *pass) split(cur inspector.Cursor, call *ast.CallExpr, fn *types.Func) bool {
	if !lint.IsFunc(fn, "strings", "Split", "SplitN", "Fields", "SplitAfter") {
		return false
	}
	switch cur.ParentEdgeKind() {
	case edge.RangeStmt_X:
		return r.rangeSplit(cur, call, fn)
	case edge.IndexExpr_X:
		return r.firstOfSplit(cur, call, fn)
	}
	return false
}

func (r *pass) rangeSplit(cur inspector.Cursor, call *ast.CallExpr, fn *types.Func) bool {
	loop := cur.Parent().Node().(*ast.RangeStmt)
	if fn.Name() == "SplitN" || loop.Tok != token.DEFINE || loop.Value == nil || !isBlank(loop.Key) {
		return false
	}
	place, ok := r.often(call)
	if !ok || !lint.GoAtLeast(r.Pass, lint.FileOf(r.Pass, call.Pos()), "go1.24") {
		return false
	}
	f := finding{
		category: splitOnly, node: call, place: place,
		message: "strings." + fn.Name() + " allocates a slice" + when(place) + " that is only ranged over; strings." + fn.Name() + "Seq needs none",
	}
	if name, edits, ok := lint.Qualify(r.Pass, call.Pos(), "strings", fn.Name()+"Seq"); ok && len(edits) == 0 {
		f.fix = "range over " + name
		f.edits = append(f.edits,
			edit(loop.Key.Pos(), loop.Value.Pos(), ""),
			edit(call.Fun.Pos(), call.Fun.End(), "%s", name))
	}
	r.report(f)
	return true
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// firstOfSplit looks for strings.Split(s, sep)[0].
func (r *pass) firstOfSplit(cur inspector.Cursor, call *ast.CallExpr, fn *types.Func) bool {
	index := cur.Parent().Node().(*ast.IndexExpr)
	if v := r.TypesInfo.Types[index.Index].Value; v == nil || v.ExactString() != "0" {
		return false
	}
	switch fn.Name() {
	case "SplitN":
		if n := r.TypesInfo.Types[call.Args[2]].Value; n == nil || constant.Sign(n) > 0 && n.ExactString() == "1" || constant.Sign(n) == 0 {
			return false
		}
	case "Split":
	default:
		return false
	}
	if !r.notEmpty(call.Args[1]) {
		return false
	}
	place, ok := r.often(call)
	if !ok || !lint.GoAtLeast(r.Pass, lint.FileOf(r.Pass, call.Pos()), "go1.18") {
		return false
	}
	f := finding{
		category: splitOnly, node: index, place: place,
		message: "strings." + fn.Name() + " allocates a slice" + when(place) + " of which only the first string is used; strings.Cut needs none",
	}
	name, edits, ok := lint.Qualify(r.Pass, call.Pos(), "strings", "Cut")
	if up := cur.Parent(); ok && len(edits) == 0 && up.ParentEdgeKind() == edge.AssignStmt_Rhs && !r.commented(up.Parent().Node()) {
		assign := up.Parent().Node().(*ast.AssignStmt)
		if len(assign.Lhs) == 1 && len(assign.Rhs) == 1 && (assign.Tok == token.DEFINE || assign.Tok == token.ASSIGN) {
			f.fix = "use strings.Cut"
			f.edits = []analysis.TextEdit{
				edit(assign.Lhs[0].End(), assign.Lhs[0].End(), ", _, _"),
				edit(index.Pos(), call.Lparen, "%s", name),
				edit(call.Args[1].End(), index.End(), ")"),
			}
		}
	}
	r.report(f)
	return true
}

func (r *pass) notEmpty(e ast.Expr) bool {
	v := r.TypesInfo.Types[e].Value
	return v != nil && v.Kind() == constant.String && constant.StringVal(v) != ""
}

// countOfSplit looks for len(strings.Split(s, sep)).
func (r *pass) countOfSplit(cur inspector.Cursor, call *ast.CallExpr) {
	if len(call.Args) != 1 {
		return
	}
	inner, ok := ast.Unparen(call.Args[0]).(*ast.CallExpr)
	if !ok || !lint.IsFunc(typeutil.Callee(r.TypesInfo, inner), "strings", "Split") || !r.notEmpty(inner.Args[1]) {
		return
	}
	place, ok := r.often(call)
	if !ok {
		return
	}
	f := finding{
		category: splitOnly, node: call, place: place,
		message: "strings.Split allocates a slice" + when(place) + " that is only counted; strings.Count(…)+1 is the same number",
	}
	if name, edits, ok := lint.Qualify(r.Pass, call.Pos(), "strings", "Count"); ok && len(edits) == 0 && r.replaceable(cur) {
		open, shut := "", ""
		switch cur.ParentEdgeKind() {
		case edge.BinaryExpr_X, edge.BinaryExpr_Y, edge.UnaryExpr_X:
			open, shut = "(", ")"
		}
		f.fix = "use strings.Count"
		f.edits = []analysis.TextEdit{
			edit(call.Pos(), inner.Lparen, "%s%s", open, name),
			edit(inner.End(), call.End(), "+1%s", shut),
		}
	}
	r.report(f)
}

// A twin says which arguments of a function of package strings are bytes in the one of
// the same name of package bytes.
var twins = map[string]int{
	"Contains": 2, "Count": 2, "EqualFold": 2, "HasPrefix": 2, "HasSuffix": 2, "Index": 2, "LastIndex": 2,
	"ContainsAny": 1, "ContainsRune": 1, "IndexAny": 1, "IndexByte": 1, "IndexRune": 1, "LastIndexAny": 1, "LastIndexByte": 1,
	"ContainsFunc": 1, "IndexFunc": 1, "LastIndexFunc": 1,
}

// stringOfBytes looks for bytes that are copied to a string only for package strings
// to look at them.
func (r *pass) stringOfBytes(cur inspector.Cursor, call *ast.CallExpr, fn *types.Func) bool {
	n, ok := twins[fn.Name()]
	if !ok || fn.Signature().Recv() != nil || len(call.Args) != 2 {
		return false
	}
	conv, b := r.stringOf(call.Args[0])
	if b == nil {
		return false
	}
	other := call.Args[1]
	if n == 2 && r.TypesInfo.Types[other].Value == nil {
		if _, b := r.stringOf(other); b == nil {
			return false
		}
	}
	if r.small(b) {
		return false
	}
	place, ok := r.often(call)
	if !ok || r.alloc.At(conv).Verdict == alloc.Refuted {
		return false
	}
	f := finding{
		category: stringOfBytes, node: conv, place: place,
		message: lint.Text(b) + " is copied to a string" + when(place) + ", if longer than 32 bytes, only for strings." + fn.Name() + " to look at it; bytes." + fn.Name() + " needs no copy",
	}
	if name, edits, ok := lint.Qualify(r.Pass, call.Pos(), "bytes", fn.Name()); ok && r.replaceable(cur) {
		f.fix = "use bytes." + fn.Name()
		f.edits = append(edits, edit(call.Fun.Pos(), call.Fun.End(), "%s", name), edit(conv.Pos(), conv.End(), "%s", r.source(b)))
		if n == 2 {
			if c, b := r.stringOf(other); b != nil {
				f.edits = append(f.edits, edit(c.Pos(), c.End(), "%s", r.source(b)))
			} else if r.universe("byte", call.Pos()) {
				f.edits = append(f.edits, edit(other.Pos(), other.Pos(), "[]byte("), edit(other.End(), other.End(), ")"))
			} else {
				f.fix, f.edits = "", nil
			}
		}
	}
	r.report(f)
	return true
}

// small reports whether the bytes are known to be so few that the copy is on the stack.
func (r *pass) small(b ast.Expr) bool {
	s, ok := ast.Unparen(b).(*ast.SliceExpr)
	if !ok || s.High == nil {
		return false
	}
	high := r.TypesInfo.Types[s.High].Value
	if high != nil {
		n, ok := constant.Int64Val(high)
		return ok && n <= 32
	}
	return false
}
