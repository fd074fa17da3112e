package needlesscopy

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"net/textproto"
	"strconv"
	"unsafe"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

// mapPut looks for m[string(b)] += x and the like, which copies the key each time, where
// a read of the map needs no copy.
func (r *pass) mapPut(e ast.Expr) {
	index, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok {
		return
	}
	t := r.TypesInfo.TypeOf(index.X)
	if t == nil || lint.IsTypeParam(t) {
		return
	}
	if _, ok := t.Underlying().(*types.Map); !ok {
		return
	}
	conv, b := r.stringOf(index.Index)
	if b == nil {
		return
	}
	place, ok := r.often(index)
	if !ok || r.escape.Expr(conv) != escape.Heap {
		return
	}
	r.report(finding{
		category: mapPut, node: conv, place: place,
		message: lint.Text(b) + " is copied to a new key" + when(place) + ", even if " + lint.Text(index.X) + " has the key; keep pointers in the map, look up by string(…), which copies nothing, and add a key only where there is none",
	})
}

// mapKey looks for a key of a map that is put together from strings. That a struct
// would do takes a change of the map's type.
func (r *pass) mapKey(cur inspector.Cursor, index *ast.IndexExpr) {
	if !r.all && !r.hot.At(index).Marked {
		return
	}
	t := r.TypesInfo.TypeOf(index.X)
	if t == nil || lint.IsTypeParam(t) {
		return
	}
	if _, ok := t.Underlying().(*types.Map); !ok {
		return
	}
	sum, ok := ast.Unparen(index.Index).(*ast.BinaryExpr)
	if !ok || sum.Op != token.ADD || !lint.IsString(r.TypesInfo.TypeOf(sum)) || r.operands(sum) < 2 {
		return
	}
	place := r.hot.At(index)
	if !place.Worth() {
		return
	}
	if cur.ParentEdgeKind() == edge.AssignStmt_Lhs && place.Kind == hot.Request {
		return
	}
	r.report(finding{
		category: mapKey, node: sum, place: place,
		message: "the key " + lint.Text(sum) + " is put together" + when(place) + ", on the heap if longer than 32 bytes; a struct of its parts as the key needs no copy",
	})
}

// operands counts the operands of a chain of + that are not constant.
func (r *pass) operands(e ast.Expr) int {
	e = ast.Unparen(e)
	if r.TypesInfo.Types[e].Value != nil {
		return 0
	}
	if b, ok := e.(*ast.BinaryExpr); ok && b.Op == token.ADD {
		return r.operands(b.X) + r.operands(b.Y)
	}
	return 1
}

// headerKey looks for a constant name of a header that is not in the form in which
// headers are kept.
func (r *pass) headerKey(call *ast.CallExpr, fn *types.Func) {
	if !lint.IsMethod(fn, "net/http", "Header", "Get", "Set", "Add", "Del", "Values") &&
		!lint.IsMethod(fn, "net/textproto", "MIMEHeader", "Get", "Set", "Add", "Del", "Values") || len(call.Args) == 0 {
		return
	}
	arg := call.Args[0]
	v := r.TypesInfo.Types[arg].Value
	if v == nil || v.Kind() != constant.String {
		return
	}
	name := constant.StringVal(v)
	canonical := textproto.CanonicalMIMEHeaderKey(name)
	if name == canonical || known(name) {
		return
	}
	place := r.hot.At(call)
	if !place.Worth() && (!r.all || place.Rare) {
		return
	}
	f := finding{
		category: headerKey, node: arg, place: place,
		message: strconv.Quote(name) + " is rewritten to " + strconv.Quote(canonical) + when(place) + ", a new string each time; write it so",
	}
	if lit, ok := ast.Unparen(arg).(*ast.BasicLit); ok {
		f.fix = "write " + strconv.Quote(canonical)
		f.edits = append(f.edits, edit(lit.Pos(), lit.End(), "%s", strconv.Quote(canonical)))
	}
	r.report(f)
}

// known reports whether the name is one of those whose canonical form the standard
// library has at hand: it then is the same string each time.
func known(name string) bool {
	a, b := textproto.CanonicalMIMEHeaderKey(name), textproto.CanonicalMIMEHeaderKey(name)
	return unsafe.StringData(a) == unsafe.StringData(b)
}

// binary looks for a number that encoding/binary reads or writes by way of an interface.
func (r *pass) binary(call *ast.CallExpr, fn *types.Func) {
	if !lint.IsFunc(fn, "encoding/binary", "Write", "Read") || len(call.Args) != 3 {
		return
	}
	t := r.TypesInfo.TypeOf(call.Args[2])
	if t == nil {
		return
	}
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	} else if fn.Name() == "Read" {
		return
	}
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return
	}
	var method string
	switch b.Kind() {
	case types.Int16, types.Uint16:
		method = "Uint16"
	case types.Int32, types.Uint32, types.Float32:
		method = "Uint32"
	case types.Int64, types.Uint64, types.Float64:
		method = "Uint64"
	default:
		return
	}
	place, ok := r.often(call)
	if !ok {
		return
	}
	remedy := "put it into a buffer by its method Put" + method + " or Append" + method
	if fn.Name() == "Read" {
		remedy = "read a buffer that is kept, and take it from there by its method " + method
	}
	r.report(finding{
		category: binaryReflect, node: call, place: place,
		message: "binary." + fn.Name() + " allocates" + when(place) + " for one " + b.Name() + ": it goes through an interface and a buffer of its own; " + remedy + " of " + lint.Text(call.Args[1]),
	})
}
