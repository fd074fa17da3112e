package ctxlost

import (
	_ "embed"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// The categories of findings.
const (
	detached        = "detached"
	outlivesRequest = "outlives-request"
	cancelField     = "cancel-field"
)

// Analyzer is the check with default options.
var Analyzer = New()

// Check describes the check to drivers and documentation.
var Check = lint.Check{
	New:      New,
	Group:    lint.Contexts,
	Stage:    lint.On,
	Since:    "v0.1.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: detached, Title: "context.Background where the caller's context is at hand"},
		{Name: outlivesRequest, Title: "goroutine works with the context of a request that is over"},
		{Name: cancelField, Title: "cancel function that nothing calls, or that a loop defers"},
	},
}

type checker struct {
	all bool
}

// New returns a fresh instance of the check.
func New() *analysis.Analyzer {
	c := &checker{}
	a := &analysis.Analyzer{
		Name:      "ctxlost",
		Doc:       lint.Doc(doc, "ctxlost"),
		URL:       lint.URL("ctxlost"),
		Requires:  []*analysis.Analyzer{inspect.Analyzer, lazyssa.Analyzer},
		FactTypes: []analysis.Fact{new(starts), new(worked), new(fresh)},
		Run:       c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "also report findings of medium confidence")
	return lint.New(a)
}

// A run is the check of one package.
type run struct {
	*analysis.Pass
	all   bool
	root  inspector.Cursor
	decls map[*types.Func]inspector.Cursor // made by declOf

	started map[*types.Func]*starts // what functions start in goroutines; nil for nothing
	fields  map[*types.Var]string   // what works under the context in a field; made by learnFields
	fresh   map[*types.Func]bool    // functions that make a root of contexts
	apart   map[*types.Func]bool    // functions that goroutines run with the context of a request; made by outlives

	uses map[*types.Func][]inspector.Cursor // outside of tests; made by callsOf
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	if !lint.Imports(pass.Pkg, "context", "net/http") {
		return nil, nil
	}
	r := &run{
		Pass:    pass,
		all:     c.all,
		root:    pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
		started: make(map[*types.Func]*starts),
		fresh:   make(map[*types.Func]bool),
	}
	r.checkRequests()
	r.checkSiblings()
	if lint.Imports(pass.Pkg, "context") {
		r.exportFresh()
		r.checkDetached()
		r.checkCancels()
	}
	return nil, nil
}

// declOf returns the declaration of a function of the package.
func (r *run) declOf(fn *types.Func) (inspector.Cursor, bool) {
	if fn == nil || fn.Pkg() != r.Pkg {
		return inspector.Cursor{}, false
	}
	if r.decls == nil {
		r.decls = make(map[*types.Func]inspector.Cursor)
		for c := range r.root.Preorder((*ast.FuncDecl)(nil)) {
			decl := c.Node().(*ast.FuncDecl)
			if obj, ok := r.TypesInfo.Defs[decl.Name].(*types.Func); ok && decl.Body != nil {
				r.decls[obj] = c
			}
		}
	}
	c, ok := r.decls[fn.Origin()]
	return c, ok
}

// inTest reports whether the file of n is a test or a helper of tests.
func (r *run) inTest(n ast.Node) bool {
	if lint.IsTest(r.Pass, n.Pos()) {
		return true
	}
	file := lint.FileOf(r.Pass, n.Pos())
	return file == nil || lint.FileImports(file, "testing") || strings.Contains(r.Pkg.Name(), "test")
}
