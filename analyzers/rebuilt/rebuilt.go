package rebuilt

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// The categories of findings.
const (
	pattern    = "pattern"
	templates  = "template"
	replacer   = "replacer"
	compressor = "compressor"
	connection = "connection"
)

// Analyzer is the check with default options.
var Analyzer = New()

// Check is what drivers and documentation need beyond the analyzer.
var Check = lint.Check{
	New:      New,
	Group:    lint.Allocation,
	Stage:    lint.On,
	Since:    "v0.2.0",
	Fix:      lint.NoFix,
	Evidence: lint.Types,
	Categories: []lint.Category{
		{Name: pattern, Title: "regular expression compiled on every call, though it never changes"},
		{Name: templates, Title: "template parsed on every call, though it never changes"},
		{Name: replacer, Title: "strings.Replacer made on every call, though it never changes"},
		{Name: compressor, Title: "compressor made on every call, where Reset makes an old one new"},
		{Name: connection, Title: "client, pool of connections or transport made on every call"},
	},
}

// New returns a fresh instance.
func New() *analysis.Analyzer {
	c := new(checker)
	a := &analysis.Analyzer{
		Name:     "rebuilt",
		Doc:      lint.Doc(doc, "rebuilt"),
		URL:      lint.URL("rebuilt"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, hot.Analyzer},
		Run:      c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "report what is not known to run often, too")
	return lint.New(a)
}

type checker struct{ all bool }

// A pass is one run of the check.
type pass struct {
	*analysis.Pass
	all    bool
	root   inspector.Cursor
	hot    *hot.Report
	decls  map[*types.Func]*ast.FuncDecl
	makers map[*types.Func]maker // functions of the package that only build something of their parameters
}

func (c *checker) run(p *analysis.Pass) (any, error) {
	if !lint.Imports(p.Pkg, "regexp", "text/template", "html/template", "strings", "compress/gzip", "compress/flate", "compress/zlib",
		"net/http", "database/sql", grpcPath, klauspost+"gzip", klauspost+"flate", klauspost+"zlib", klauspost+"zstd") {
		return nil, nil
	}
	r := &pass{
		Pass:   p,
		all:    c.all,
		root:   p.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
		hot:    hot.Of(p),
		decls:  lint.Declarations(p),
		makers: make(map[*types.Func]maker),
	}
	for cur := range r.root.Preorder((*ast.CallExpr)(nil), (*ast.CompositeLit)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.CallExpr:
			if m := r.built(n, 2); m.kind != "" && m.constant {
				r.judge(cur, n, m)
			}
		case *ast.CompositeLit:
			if lint.IsNamed(r.TypesInfo.TypeOf(n), "net/http", "Transport") {
				r.transport(cur, n)
			}
		}
	}
	return nil, nil
}

// judge reports what a call builds, if it does so often enough to matter.
func (r *pass) judge(cur inspector.Cursor, call *ast.CallExpr, m maker) {
	if r.within(cur) || dropped(cur) {
		return // the outer call speaks for it, or it is only tried
	}
	place := r.hot.At(call)
	if place.Rare || r.hot.Once(call) || r.guarded(cur) || r.setsUp(cur) || r.hot.Command() && !r.all && !place.Marked {
		return
	}
	switch m.kind {
	case compressor:
		// A loop somewhere that leads here is often over the parts of one file.
		often := place.Worth() && (place.Kind != hot.Loop || place.InLoop())
		text := r.compresses(cur, call)
		if (often || text || r.all) && !r.resets(cur) {
			on := when(place)
			if text {
				on = or(on, " on every call")
			}
			r.report(call, compressor, place, "%s allocates %s%s; keep one in a sync.Pool and give it the next stream by Reset", m.name, m.cost, on)
		}
	case connection:
		r.client(cur, call, place, m)
	default:
		// What stays in the function and works on its parameters is made for each of
		// their values, and a page of HTML for each who asks for it.
		if !place.Worth() && !r.all && !((!isObject(r.TypesInfo.TypeOf(call)) || r.local(cur)) && (r.hasInput(cur) || m.page && r.writes(cur))) {
			return
		}
		r.report(call, m.kind, place, "%s %s%s, and never changes: %s; make it once, in a package variable", m.name, m.verb, or(when(place), " on every call"), m.cost)
	}
}

// dropped reports whether what a call makes is assigned to the blank identifier.
func dropped(call inspector.Cursor) bool {
	assign, ok := call.Parent().Node().(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 {
		return false
	}
	id, ok := assign.Lhs[0].(*ast.Ident)
	return ok && id.Name == "_"
}

func or(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

func when(p hot.Place) string {
	if !p.Worth() {
		return ""
	}
	return " " + p.When()
}

func (r *pass) report(n ast.Node, category string, place hot.Place, format string, args ...any) {
	r.Report(analysis.Diagnostic{
		Pos: n.Pos(), End: n.End(), Category: category,
		Message: fmt.Sprintf(format, args...),
		Related: place.Related(),
	})
}
