package needlesscopy

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// write looks for a string that is made, or copied to bytes, only to be written.
func (r *pass) write(cur inspector.Cursor, call *ast.CallExpr, fn *types.Func) {
	sig := fn.Signature()
	if call.Ellipsis.IsValid() || sig.Results().Len() != 2 {
		return
	}
	var w, text ast.Expr // the writer, and what it is given
	switch {
	case sig.Recv() != nil && len(call.Args) == 1 && (fn.Name() == "Write" || fn.Name() == "WriteString"):
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok || r.TypesInfo.Selections[sel] == nil {
			return
		}
		w, text = sel.X, call.Args[0]
	case lint.IsFunc(fn, "io", "WriteString") && len(call.Args) == 2:
		w, text = call.Args[0], call.Args[1]
	default:
		return
	}
	if !isWriterResult(sig) {
		return
	}
	conv, s := r.bytesOf(text)
	if fn.Name() == "Write" {
		if conv == nil {
			return
		}
		text = s
	}
	if r.writeFormat(cur, call, w, text) || conv == nil || fn.Name() != "Write" {
		return
	}
	r.writeBytes(cur, call, w, conv, s)
}

// isWriterResult reports whether the function returns (n int, err error).
func isWriterResult(sig *types.Signature) bool {
	return types.Identical(sig.Results().At(0).Type(), types.Typ[types.Int]) && lint.IsError(sig.Results().At(1).Type())
}

// writeFormat looks for a string that package fmt makes and that is then written: it
// can write it itself.
func (r *pass) writeFormat(cur inspector.Cursor, call *ast.CallExpr, w, text ast.Expr) bool {
	made, ok := ast.Unparen(text).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn, ok := typeutil.Callee(r.TypesInfo, made).(*types.Func)
	if !ok || !lint.IsFunc(fn, "fmt", "Sprintf", "Sprint", "Sprintln") || len(made.Args) == 0 {
		return false
	}
	amp, ok := r.asWriter(w)
	if !ok {
		return false
	}
	place, ok := r.often(call)
	if !ok || amp != "" && !r.outlivesLoop(w, place) {
		return false // for the compiler, a writer that is lent to fmt is on the heap
	}
	name := "Fprint" + fn.Name()[len("Sprint"):]
	f := finding{
		category: writeFormat, node: made, place: place,
		message: "fmt." + fn.Name() + " makes a string" + when(place) + " that is then written to " + lint.Text(w) + "; fmt." + name + " writes to it without",
	}
	if qualified, edits, ok := lint.Qualify(r.Pass, call.Pos(), "fmt", name); ok && !r.commented(call) && r.quiet(w) {
		f.fix = "write by fmt." + name
		f.edits = append(edits,
			edit(call.Pos(), made.Args[0].Pos(), "%s(%s%s, ", qualified, amp, r.source(w)),
			edit(made.Rparen, call.End(), ")"))
	}
	r.made[made] = true
	r.report(f)
	return true
}

// asWriter returns what has to come before w, an expression with a method of a
// writer, where an io.Writer is wanted.
func (r *pass) asWriter(w ast.Expr) (amp string, ok bool) {
	t := r.TypesInfo.TypeOf(w)
	if t == nil || lint.IsTypeParam(t) {
		return "", false
	}
	if isWriter(t) {
		return "", true
	}
	tv := r.TypesInfo.Types[w]
	if tv.Addressable() && isWriter(types.NewPointer(t)) {
		return "&", true
	}
	return "", false
}

func isWriter(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, "Write")
	fn, ok := obj.(*types.Func)
	if !ok || types.NewMethodSet(t).Lookup(nil, "Write") == nil {
		return false
	}
	sig := fn.Signature()
	return sig.Params().Len() == 1 && !sig.Variadic() && types.Identical(sig.Params().At(0).Type(), byteSlice) &&
		sig.Results().Len() == 2 && isWriterResult(sig)
}

// outlivesLoop reports whether the variable at the root of w is declared before the
// loop of the place, so that at most one of it is allocated.
func (r *pass) outlivesLoop(w ast.Expr, place hot.Place) bool {
	root := lint.RootIdent(w)
	if root == nil || !place.InLoop() {
		return false
	}
	obj := r.TypesInfo.ObjectOf(root)
	return obj != nil && (obj.Pos() < place.Cause.Pos() || place.Cause.End() <= obj.Pos())
}

// writeBytes looks for w.Write([]byte(s)) where the compiler must copy the string.
func (r *pass) writeBytes(cur inspector.Cursor, call *ast.CallExpr, w ast.Expr, conv *ast.CallExpr, s ast.Expr) {
	t := r.TypesInfo.TypeOf(w)
	if t == nil || lint.IsTypeParam(t) || !types.Identical(r.TypesInfo.TypeOf(conv), byteSlice) {
		return
	}
	place := r.hot.At(call)
	value := r.TypesInfo.Types[s].Value
	switch {
	case place.Kind == hot.Loop, place.Kind == hot.Declared:
	case place.Kind == hot.Request && value == nil && isResponse(t):
		// the body of a response, whole
	case r.all && !place.Rare:
	default:
		return
	}
	own := hasWriteString(t)
	if !own && !mayTakeStrings(t) || r.escape.Expr(conv) != escape.Heap {
		return
	}
	what := lint.Text(s)
	if value != nil && value.Kind() == constant.String {
		what = "a constant text"
	}
	remedy := "io.WriteString lets the writer take the string itself"
	if own {
		remedy = "WriteString takes the string itself"
	}
	f := finding{
		category: writeBytes, node: conv, place: place,
		message: what + " is copied to the heap" + when(place) + ", because " + lint.Text(w) + " might keep the bytes; " + remedy,
	}
	text := r.source(s)
	if !types.Identical(types.Default(r.TypesInfo.TypeOf(s)), types.Typ[types.String]) {
		if !r.universe("string", call.Pos()) {
			text = ""
		}
		text = "string(" + text + ")"
	}
	if r.commented(call) || !r.quiet(w) || text == "" {
		r.report(f)
		return
	}
	if own {
		sel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		f.fix = "use WriteString"
		f.edits = append(f.edits, edit(sel.Sel.Pos(), sel.Sel.End(), "WriteString"), edit(conv.Pos(), conv.End(), "%s", text))
	} else if name, edits, ok := lint.Qualify(r.Pass, call.Pos(), "io", "WriteString"); ok {
		f.fix = "use io.WriteString"
		f.edits = append(edits, edit(call.Pos(), call.End(), "%s(%s, %s)", name, r.source(w), text))
	}
	r.report(f)
}

func isResponse(t types.Type) bool { return lint.IsNamed(t, "net/http", "ResponseWriter") }

// hasWriteString reports whether values of the type have the method of io.StringWriter.
func hasWriteString(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "WriteString")
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	sig := fn.Signature()
	return sig.Params().Len() == 1 && types.Identical(sig.Params().At(0).Type(), types.Typ[types.String]) &&
		sig.Results().Len() == 2 && isWriterResult(sig)
}

// mayTakeStrings reports whether writers of the interface type t may have a method
// WriteString. Connections and hashes have not.
func mayTakeStrings(t types.Type) bool {
	if !types.IsInterface(t) || !isWriter(t) {
		return false
	}
	if hasMethod(t, "Sum", "RemoteAddr") {
		return false
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return true
	}
	path := named.Obj().Pkg().Path()
	return path != "hash" && path != "net" && !strings.HasPrefix(path, "crypto")
}
