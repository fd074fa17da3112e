package needlesscopy

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/lint"
)

// appendFormat looks for append(b, f(x)...) where f makes a string and has a sibling
// that appends.
func (r *pass) appendFormat(cur inspector.Cursor, call *ast.CallExpr) bool {
	if len(call.Args) != 2 || !call.Ellipsis.IsValid() || !types.Identical(r.TypesInfo.TypeOf(call), byteSlice) ||
		!types.Identical(r.TypesInfo.TypeOf(call.Args[0]), byteSlice) {
		return false
	}
	arg := ast.Unparen(call.Args[1])
	if _, s := r.bytesOf(arg); s != nil {
		arg = ast.Unparen(s)
	}
	made, ok := arg.(*ast.CallExpr)
	if !ok || made.Ellipsis.IsValid() && len(made.Args) == 0 {
		return false
	}
	fn, ok := typeutil.Callee(r.TypesInfo, made).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	sibling := appender(fn)
	if sibling == "" {
		return false
	}
	place, ok := r.often(call)
	if !ok {
		return false
	}
	f := finding{
		category: appendFormat, node: made, place: place,
		message: lint.Spelled(made) + " makes a string" + when(place) + " that is then copied to " + lint.Text(call.Args[0]) + "; " + sibling + " appends to it at once",
	}
	if r.replaceable(cur) && r.quiet(call.Args[0]) {
		if edits := r.appendBy(call, made, fn, sibling); edits != nil {
			f.fix, f.edits = "append by "+sibling, edits
		}
	}
	r.made[made] = true
	r.report(f)
	return true
}

// appender returns the name of the function or method that appends what fn returns.
func appender(fn *types.Func) string {
	switch {
	case lint.IsFunc(fn, "strconv", "Itoa"):
		return "strconv.AppendInt"
	case lint.IsFunc(fn, "strconv", "FormatInt", "FormatUint", "FormatFloat"):
		return "strconv.Append" + fn.Name()[len("Format"):]
	case lint.IsFunc(fn, "strconv", "Quote", "QuoteToASCII", "QuoteRune"):
		return "strconv.Append" + fn.Name()
	case lint.IsFunc(fn, "fmt", "Sprintf", "Sprint", "Sprintln"):
		return "fmt.Append" + fn.Name()[len("Sprint"):]
	case lint.IsMethod(fn, "time", "Time", "Format"):
		return "AppendFormat"
	}
	return ""
}

// appendBy returns the edits that call the sibling instead, with the bytes as its first
// argument.
func (r *pass) appendBy(call, made *ast.CallExpr, fn *types.Func, sibling string) []analysis.TextEdit {
	b := r.source(call.Args[0])
	if b == "" || len(made.Args) == 0 {
		return nil
	}
	args, tail := made.Args, ""
	first, last := args[0].Pos(), args[len(args)-1].End()
	name := ""
	var edits []analysis.TextEdit
	open := ""
	switch fn.Pkg().Path() {
	case "time":
		sel, ok := ast.Unparen(made.Fun).(*ast.SelectorExpr)
		if !ok || !r.quiet(sel.X) {
			return nil
		}
		name = r.source(sel.X) + ".AppendFormat"
	default:
		if fn.Pkg().Path() == "fmt" && !lint.GoAtLeast(r.Pass, lint.FileOf(r.Pass, call.Pos()), "go1.19") {
			return nil
		}
		short := sibling[strings.LastIndexByte(sibling, '.')+1:]
		var ok bool
		if name, edits, ok = lint.Qualify(r.Pass, call.Pos(), fn.Pkg().Path(), short); !ok {
			return nil
		}
		if fn.Name() == "Itoa" {
			if !r.universe("int64", call.Pos()) {
				return nil
			}
			open, tail = "int64(", "), 10"
		}
	}
	if made.Ellipsis.IsValid() {
		tail += "..."
	}
	return append(edits,
		edit(call.Pos(), first, "%s(%s, %s", name, b, open),
		edit(last, call.End(), "%s)", tail))
}

// appendAppend looks for append(append(empty, a...), b...), which copies a twice if b
// does not fit behind it.
func (r *pass) appendAppend(cur inspector.Cursor, call *ast.CallExpr) bool {
	inner, ok := ast.Unparen(call.Args[0]).(*ast.CallExpr)
	if !ok || !r.isSpread(call) || !r.isSpread(inner) {
		return false
	}
	isNil, ok := r.empty(inner.Args[0])
	t := r.TypesInfo.TypeOf(call)
	if !ok || t == nil || lint.IsTypeParam(t) {
		return false
	}
	for _, arg := range []ast.Expr{inner.Args[1], call.Args[1]} {
		if !types.Identical(r.TypesInfo.TypeOf(arg), t) {
			return false
		}
	}
	if !lint.GoAtLeast(r.Pass, lint.FileOf(r.Pass, call.Pos()), "go1.22") {
		return false
	}
	place, ok := r.often(call)
	if !ok {
		return false
	}
	a, b := inner.Args[1], call.Args[1]
	f := finding{
		category: appendAppend, node: call, place: place,
		message: lint.Text(a) + " is copied, and again when " + lint.Text(b) + " does not fit behind it" + when(place) + "; slices.Concat makes room for both at once",
	}
	// Concat returns nil where there is nothing, as appending nothing to nil does.
	if name, edits, ok := lint.Qualify(r.Pass, call.Pos(), "slices", "Concat"); ok && isNil && r.replaceable(cur) {
		f.fix = "join by slices.Concat"
		f.edits = append(edits,
			edit(call.Pos(), a.Pos(), "%s(", name),
			edit(a.End(), b.Pos(), ", "),
			edit(b.End(), call.End(), ")"))
	}
	r.report(f)
	return true
}

// isSpread reports whether the call is append(x, y...).
func (r *pass) isSpread(call *ast.CallExpr) bool {
	b, ok := typeutil.Callee(r.TypesInfo, call).(*types.Builtin)
	return ok && b.Name() == "append" && len(call.Args) == 2 && call.Ellipsis.IsValid()
}

// empty reports whether e makes an empty slice: []T{}, []T(nil), nil.
func (r *pass) empty(e ast.Expr) (isNil, ok bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return false, len(e.Elts) == 0
	case *ast.CallExpr:
		return true, len(e.Args) == 1 && r.TypesInfo.Types[e.Fun].IsType() && r.TypesInfo.Types[e.Args[0]].IsNil()
	}
	return false, false
}
