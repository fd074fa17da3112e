package hotescape

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/alloc"
	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// Check is what drivers and documentation need beyond the analyzer.
var Check = lint.Check{
	New:      New,
	Group:    lint.Allocation,
	Stage:    lint.On,
	Since:    "v0.1.0",
	Fix:      lint.NoFix,
	Evidence: lint.Compiler,
	Categories: []lint.Category{
		{Name: rangeAddress, Title: "Copy of each element on the heap, because its address is taken"},
		{Name: interfaceBuffer, Title: "Buffer on the heap, because a reader or writer is given a slice of it"},
		{Name: perCallBuffer, Title: "Large buffer made for every request"},
		{Name: captured, Title: "Function literal made anew on every iteration for nothing"},
		{Name: returnedPointer, Title: "Small struct returned by pointer to a loop that only reads it"},
		{Name: methodValue, Title: "Method value made anew on every iteration for nothing"},
		{Name: pointerElements, Title: "Small structs allocated one by one to fill a list of pointers"},
		{Name: rebuiltLiteral, Title: "Map of constants built on every call only to be looked up in"},
		{Name: largeValue, Title: "Variable too large for the stack, allocated on every call"},
		{Name: perCallChannel, Title: "Channel made on every call"},
		{Name: boxed, Title: "Value boxed in an interface where a typed function exists"},
	},
}

const (
	rangeAddress    = "range-address"
	interfaceBuffer = "interface-buffer"
	perCallBuffer   = "per-call-buffer"
	captured        = "captured"
	returnedPointer = "returned-pointer"
	methodValue     = "method-value"
	pointerElements = "pointer-elements"
	rebuiltLiteral  = "rebuilt-literal"
	largeValue      = "large-value"
	perCallChannel  = "per-call-channel"
	boxed           = "boxed"
)

// New returns a fresh instance.
func New() *analysis.Analyzer {
	c := new(checker)
	a := &analysis.Analyzer{
		Name:     "hotescape",
		Doc:      lint.Doc(doc, "hotescape"),
		URL:      lint.URL("hotescape"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, escape.Analyzer, hot.Analyzer, alloc.Analyzer},
		Run:      c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "report findings of medium confidence too")
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
	uses   map[types.Object][]inspector.Cursor

	lending map[*types.Var]bool // parameters that are only lent to others
}

func (c *checker) run(p *analysis.Pass) (any, error) {
	r := &pass{
		Pass:   p,
		all:    c.all,
		root:   p.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
		hot:    hot.Of(p),
		escape: escape.Of(p),
		alloc:  alloc.Of(p),
	}
	kinds := []ast.Node{
		(*ast.RangeStmt)(nil), (*ast.ValueSpec)(nil), (*ast.AssignStmt)(nil), (*ast.FuncLit)(nil),
		(*ast.FuncDecl)(nil), (*ast.CallExpr)(nil), (*ast.SelectorExpr)(nil), (*ast.CompositeLit)(nil),
	}
	for c := range r.root.Preorder(kinds...) {
		switch n := c.Node().(type) {
		case *ast.RangeStmt:
			r.rangeAddress(c)
		case *ast.ValueSpec, *ast.AssignStmt:
			r.buffer(c)
			r.largeValue(c)
			r.perCallChannel(c)
			if _, ok := n.(*ast.AssignStmt); ok {
				r.pointerElements(c)
			}
		case *ast.FuncLit:
			r.literal(c)
		case *ast.FuncDecl:
			r.returnedPointer(c)
		case *ast.CallExpr:
			r.boxed(c)
		case *ast.SelectorExpr:
			r.methodValue(c)
		case *ast.CompositeLit:
			r.rebuiltLiteral(c)
		}
	}
	return nil, nil
}

// A finding is what a rule has to say, once it has asked the compiler.
type finding struct {
	category string
	node     ast.Node // what is reported
	alloc    ast.Node // what the compiler speaks of
	place    hot.Place
	related  []analysis.RelatedInformation
}

// report reports the finding with what repeats it and the way of the value to
// the heap.
func (r *pass) report(f finding, format string, args ...any) {
	if r.hot.Command() && !r.all && !f.place.Marked {
		return // it happens a few times in each run
	}
	d := analysis.Diagnostic{
		Pos:      f.node.Pos(),
		End:      f.node.End(),
		Category: f.category,
		Message:  fmt.Sprintf(format, args...),
		Related:  append(f.related, f.place.Related()...),
	}
	for _, site := range r.escape.Sites(f.alloc) {
		if site.Verdict != escape.Heap || site.Inlined {
			continue
		}
		if why := site.Explain(); why != "" {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: f.node.Pos(), End: f.node.End(), Message: why})
		}
		d.Related = append(d.Related, r.escape.Related(site)...)
		break
	}
	r.Report(d)
}

// usesOf returns the identifiers of the package that refer to obj.
func (r *pass) usesOf(obj types.Object) []inspector.Cursor {
	if r.uses == nil {
		r.uses = make(map[types.Object][]inspector.Cursor)
		for c := range r.root.Preorder((*ast.Ident)(nil)) {
			switch obj := r.TypesInfo.Uses[c.Node().(*ast.Ident)].(type) {
			case *types.Var:
				if !obj.IsField() {
					r.uses[obj] = append(r.uses[obj], c)
				}
			case *types.Func:
				if obj.Pkg() == r.Pkg {
					r.uses[obj.Origin()] = append(r.uses[obj.Origin()], c)
				}
			}
		}
	}
	return r.uses[obj]
}

// local returns the local variable that the identifier declares, or nil.
func (r *pass) local(id *ast.Ident) *types.Var {
	if id == nil || id.Name == "_" {
		return nil
	}
	v, ok := r.TypesInfo.Defs[id].(*types.Var)
	if !ok || v.IsField() || v.Parent() == nil || v.Parent() == r.Pkg.Scope() {
		return nil
	}
	return v
}

// encloses reports whether n contains the declaration of obj.
func encloses(n ast.Node, obj types.Object) bool {
	return n.Pos() <= obj.Pos() && obj.Pos() < n.End()
}

// inLiteral reports whether a function literal lies between c and the node above it.
func inLiteral(c inspector.Cursor, above ast.Node) bool {
	for cur := range c.Enclosing() {
		if cur.Node() == above {
			return false
		}
		if _, ok := cur.Node().(*ast.FuncLit); ok {
			return true
		}
	}
	return false
}

// sizeOf returns the size of a value of type t, and -1 where it depends on a
// type parameter.
func (r *pass) sizeOf(t types.Type) int64 {
	if t == nil || hasTypeParam(t) || lint.SizeVaries(t) {
		return -1
	}
	return r.TypesSizes.Sizeof(t)
}

func hasTypeParam(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Array:
		return hasTypeParam(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if hasTypeParam(f.Type()) {
				return true
			}
		}
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			if hasTypeParam(arg) {
				return true
			}
		}
	}
	return false
}

// path returns the text of an identifier or a chain of field selections, which
// can be written again where it stands; "" for everything else.
func path(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if x := path(e.X); x != "" {
			return x + "." + e.Sel.Name
		}
	}
	return ""
}

// bytes says a size in words.
func bytes(n int64) string {
	switch {
	case n == 1:
		return "1 byte"
	case n >= 1024 && n%1024 == 0:
		return fmt.Sprintf("%d KiB", n/1024)
	}
	return fmt.Sprintf("%d bytes", n)
}

func calleeName(call *ast.CallExpr) string {
	if p := path(call.Fun); p != "" {
		return p
	}
	s := types.ExprString(call.Fun)
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		s = s[i+1:]
	}
	return s
}
