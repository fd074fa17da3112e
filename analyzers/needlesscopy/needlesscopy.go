package needlesscopy

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/alloc"
	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// The categories of findings.
const (
	formatNumber  = "format-number"
	formatConcat  = "format-concat"
	formatString  = "format-string"
	appendFormat  = "append-format"
	appendAppend  = "append-append"
	writeFormat   = "write-format"
	writeBytes    = "write-bytes"
	concatLoop    = "concat-loop"
	splitOnly     = "split"
	stringOfBytes = "string-of-bytes"
	mapPut        = "map-put"
	mapKey        = "map-key"
	headerKey     = "header-key"
	binaryReflect = "binary"
	logFormat     = "log-format"
)

// Analyzer is the check with default options.
var Analyzer = New()

// Check is what drivers and documentation need beyond the analyzer.
var Check = lint.Check{
	New:      New,
	Group:    lint.Allocation,
	Stage:    lint.Opt,
	Since:    "v0.2.0",
	Fix:      lint.SomeSafe,
	Proved:   true,
	Evidence: lint.Compiler,
	Categories: []lint.Category{
		{Name: formatNumber, Title: "number formatted by package fmt, where strconv does"},
		{Name: formatConcat, Title: "strings joined by package fmt, where + does"},
		{Name: formatString, Title: "string formatted into a copy of itself"},
		{Name: appendFormat, Title: "string made to be appended to bytes"},
		{Name: appendAppend, Title: "slices joined by one append after the other"},
		{Name: writeFormat, Title: "string formatted to be written to a writer"},
		{Name: writeBytes, Title: "string copied to bytes to be written to a writer"},
		{Name: concatLoop, Title: "string that grows in a loop and is copied each time"},
		{Name: splitOnly, Title: "string split into a slice of which little is used"},
		{Name: stringOfBytes, Title: "bytes copied to a string to be searched"},
		{Name: mapPut, Title: "bytes copied to a key of a map that has it already"},
		{Name: mapKey, Title: "key of a map put together from strings"},
		{Name: headerKey, Title: "name of a header that is rewritten on every call"},
		{Name: binaryReflect, Title: "number read or written through an interface by encoding/binary"},
		{Name: logFormat, Title: "text formatted for a log level that is off, as a rule"},
	},
}

// New returns a fresh instance.
func New() *analysis.Analyzer {
	c := new(checker)
	a := &analysis.Analyzer{
		Name:     "needlesscopy",
		Doc:      lint.Doc(doc, "needlesscopy"),
		URL:      lint.URL("needlesscopy"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, escape.Analyzer, hot.Analyzer, alloc.Analyzer},
		Run:      c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "report copies outside loops and hot functions, and those that take a change of types to avoid, too")
	return lint.New(a)
}

type checker struct{ all bool }

// A pass is one run of the check: what the rules need at hand.
type pass struct {
	*analysis.Pass
	all    bool
	root   inspector.Cursor
	hot    *hot.Report
	escape *escape.Report
	alloc  *alloc.Report
	grown  map[growth]bool        // what concat-loop has reported
	made   map[*ast.CallExpr]bool // calls of package fmt that another rule has reported
	text   map[string][]byte
}

func (c *checker) run(p *analysis.Pass) (any, error) {
	r := &pass{
		Pass:   p,
		all:    c.all,
		root:   p.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
		hot:    hot.Of(p),
		escape: escape.Of(p),
		alloc:  alloc.Of(p),
		grown:  make(map[growth]bool),
		made:   make(map[*ast.CallExpr]bool),
		text:   make(map[string][]byte),
	}
	for cur := range r.root.Preorder((*ast.CallExpr)(nil), (*ast.AssignStmt)(nil), (*ast.IndexExpr)(nil), (*ast.IncDecStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.CallExpr:
			r.call(cur, n)
		case *ast.AssignStmt:
			r.concatLoop(cur, n)
			if len(n.Lhs) == 1 && n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
				r.mapPut(n.Lhs[0])
			}
		case *ast.IncDecStmt:
			r.mapPut(n.X)
		case *ast.IndexExpr:
			r.mapKey(cur, n)
		}
	}
	return nil, nil
}

// call asks the rules about a call; the first that reports has the word.
func (r *pass) call(cur inspector.Cursor, call *ast.CallExpr) {
	switch fn := typeutil.Callee(r.TypesInfo, call).(type) {
	case *types.Builtin:
		switch fn.Name() {
		case "append":
			_ = r.appendFormat(cur, call) || r.appendAppend(cur, call)
		case "len":
			r.countOfSplit(cur, call)
		}
	case *types.Func:
		if fn.Pkg() == nil {
			return
		}
		switch fn.Pkg().Path() {
		case "fmt":
			r.format(cur, call, fn)
		case "strings":
			_ = r.split(cur, call, fn) || r.stringOfBytes(cur, call, fn)
		case "encoding/binary":
			r.binary(call, fn)
		case "net/http", "net/textproto":
			r.headerKey(call, fn)
		}
		if !r.logFormat(cur, call, fn) {
			r.write(cur, call, fn)
		}
	}
}

// A finding is what a rule has to say.
type finding struct {
	category string
	node     ast.Node // what is reported
	end      token.Pos
	place    hot.Place
	message  string
	fix      string // what the edits do; "" if there are none
	edits    []analysis.TextEdit
	related  []analysis.RelatedInformation
}

// often returns how often a place is reached, and whether that is often enough to
// speak of a small allocation: on every iteration of a loop, in a function that is
// called hot, or, for those who want to hear of it, anywhere but in cold code.
func (r *pass) often(n ast.Node) (hot.Place, bool) {
	place := r.hot.At(n)
	switch place.Kind {
	case hot.Cold:
		return place, r.all && !place.Rare
	case hot.Request:
		return place, r.all
	}
	return place, true
}

func (r *pass) report(f finding) {
	d := analysis.Diagnostic{
		Pos:      f.node.Pos(),
		End:      f.node.End(),
		Category: f.category,
		Message:  f.message,
		Related:  append(f.related, f.place.Related()...),
	}
	if f.end.IsValid() {
		d.End = f.end
	}
	if f.fix != "" {
		d.SuggestedFixes = []analysis.SuggestedFix{{Message: f.fix, TextEdits: f.edits}}
	}
	r.Report(d)
}

// when says how often, in words that end a clause; "" where nothing is known.
func when(p hot.Place) string {
	if !p.Worth() {
		return ""
	}
	return " " + p.When()
}

// hasMethod reports whether values of type t have one of the methods.
func hasMethod(t types.Type, names ...string) bool {
	set := types.NewMethodSet(t)
	for _, name := range names {
		if set.Lookup(nil, name) != nil {
			return true
		}
	}
	return false
}

// replaceable reports whether the expression at cur can be replaced by another one of
// the same type: nothing there demands a call, and no comment gets lost.
func (r *pass) replaceable(cur inspector.Cursor) bool {
	switch cur.ParentEdgeKind() {
	case edge.ExprStmt_X, edge.GoStmt_Call, edge.DeferStmt_Call:
		return false
	}
	return !r.commented(cur.Node())
}

func (r *pass) commented(n ast.Node) bool {
	file := lint.FileOf(r.Pass, n.Pos())
	if file == nil {
		return true
	}
	for _, group := range file.Comments {
		if n.Pos() < group.Pos() && group.Pos() < n.End() {
			return true
		}
	}
	return false
}

// parens returns the parentheses that a binary expression needs in place of the
// expression at cur.
func parens(cur inspector.Cursor) (open, shut string) {
	switch cur.ParentEdgeKind() {
	case edge.IndexExpr_X, edge.SliceExpr_X, edge.SelectorExpr_X:
		return "(", ")"
	}
	return "", ""
}

// universe reports whether the name of a predeclared type means that at pos.
func (r *pass) universe(name string, pos token.Pos) bool {
	return lint.Lookup(r.Pass, name, pos) == types.Universe.Lookup(name)
}

func edit(from, to token.Pos, format string, args ...any) analysis.TextEdit {
	return analysis.TextEdit{Pos: from, End: to, NewText: []byte(fmt.Sprintf(format, args...))}
}

// quiet reports whether evaluating the expression has no effect and depends on no
// order: it calls nothing but conversions and len.
func (r *pass) quiet(e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			tv := r.TypesInfo.Types[n.Fun]
			ok = ok && (tv.IsType() || tv.IsBuiltin())
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		case *ast.FuncLit:
			ok = false
		}
		return ok
	})
	return ok
}

// bytesOf returns the string s of a conversion []byte(s).
func (r *pass) bytesOf(e ast.Expr) (conv *ast.CallExpr, s ast.Expr) {
	conv, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(conv.Args) != 1 || !r.TypesInfo.Types[conv.Fun].IsType() || !isByteSlice(r.TypesInfo.TypeOf(conv)) {
		return nil, nil
	}
	if t := r.TypesInfo.TypeOf(conv.Args[0]); t == nil || lint.IsTypeParam(t) || !lint.IsString(t) {
		return nil, nil
	}
	return conv, conv.Args[0]
}

// stringOf returns the bytes b of a conversion string(b).
func (r *pass) stringOf(e ast.Expr) (conv *ast.CallExpr, b ast.Expr) {
	conv, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(conv.Args) != 1 || !r.TypesInfo.Types[conv.Fun].IsType() {
		return nil, nil
	}
	if t := r.TypesInfo.TypeOf(conv); t == nil || lint.IsTypeParam(t) || !lint.IsString(t) || !isByteSlice(r.TypesInfo.TypeOf(conv.Args[0])) {
		return nil, nil
	}
	return conv, conv.Args[0]
}

// isByteSlice reports whether t is a slice of bytes, by whatever name.
func isByteSlice(t types.Type) bool { return t != nil && !lint.IsTypeParam(t) && lint.IsBytes(t) }

var byteSlice = types.NewSlice(types.Typ[types.Byte])

// source returns the text of an expression as it stands in the file; "" if that is
// not at hand.
func (r *pass) source(e ast.Expr) string {
	tf := r.Fset.File(e.Pos())
	if tf == nil {
		return ""
	}
	content, ok := r.text[tf.Name()]
	if !ok {
		content, _ = r.ReadFile(tf.Name())
		r.text[tf.Name()] = content
	}
	from, to := tf.Offset(e.Pos()), tf.Offset(e.End())
	if to > len(content) {
		return ""
	}
	return string(content[from:to])
}
