package nodeadline

import (
	_ "embed"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	c := new(checker)
	a := &analysis.Analyzer{
		Name:      "nodeadline",
		Doc:       lint.Doc(doc, "nodeadline"),
		URL:       lint.URL("nodeadline"),
		Requires:  []*analysis.Analyzer{inspect.Analyzer, lazyssa.Analyzer, hot.Analyzer},
		FactTypes: []analysis.Fact{(*limits)(nil)},
		Run:       c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "report findings of medium confidence too")
	return lint.New(a)
}

// Check is what drivers and documentation need beyond the analyzer itself.
var Check = lint.Check{
	New:      New,
	Group:    lint.Resources,
	Stage:    lint.On,
	Since:    "v0.2.0",
	Fix:      lint.NoFix,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: server, Title: "http.Server that waits for its clients without limit"},
		{Name: listen, Title: "http.ListenAndServe and its like, which have no timeouts"},
		{Name: client, Title: "request by an http.Client without Timeout, and without a deadline"},
		{Name: defaultClient, Title: "request by the default client, which has no timeout, without a deadline"},
	},
}

const (
	server        = "server"
	listen        = "listen"
	client        = "client"
	defaultClient = "default-client"
)

type checker struct {
	all bool
}

// limits is the fact of a function that has to do with the timeouts of others.
type limits struct {
	Sets      []int // parameters, servers whose timeouts it sets
	Unlimited bool  // it returns a client that has none
}

// AFact marks limits as a fact.
func (*limits) AFact() {}

func (l *limits) String() string {
	if l.Unlimited {
		return "unlimited"
	}
	return "sets"
}

// finder is one run of the check on one package.
type finder struct {
	*checker
	pass *analysis.Pass
	ssa  *lazyssa.SSA

	reported map[ast.Node]bool
	sets     map[*types.Func][]int // as setsParams returns them
	set      []assignment          // as assignments returns them
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	if !lint.Imports(pass.Pkg, "net/http") || within(pass.Pkg.Path(), "net/http") {
		return nil, nil
	}
	f := &finder{checker: c, pass: pass, reported: make(map[ast.Node]bool), sets: make(map[*types.Func][]int)}
	if !aside(pass.Pkg.Path()) {
		f.servers()
	}
	f.setters()
	if f.requests() {
		f.ssa = lazyssa.Of(pass).Build()
		f.clients()
	}
	return nil, nil
}

// aside reports whether a package is not part of what runs in production, which only
// its path tells.
func aside(path string) bool {
	for elem := range strings.SplitSeq(path, "/") {
		switch strings.TrimPrefix(elem, "_") {
		case "example", "examples", "sample", "samples", "demo", "demos", "tutorial", "test", "tests", "testing", "testutil", "testutils",
			"testdata", "testhelper", "testhelpers", "e2e", "integration", "mock", "mocks", "fake", "fakes", "bench", "benchmark", "benchmarks", "hack":
			return true
		}
	}
	return false
}

// skipped reports whether nothing in a file is worth a word.
func (f *finder) skipped(file *ast.File) bool {
	return lint.IsTest(f.pass, file.Package) || lint.Generated(file) ||
		lint.FileImports(file, "testing") || lint.FileImports(file, "net/http/httptest")
}

// own reports whether a package belongs to the module that is analysed, so that what
// its functions do is known.
func (f *finder) own(pkg *types.Package) bool {
	if pkg == f.pass.Pkg {
		return true
	}
	m := f.pass.Module
	if m == nil || m.Path == "" {
		return false
	}
	return within(pkg.Path(), m.Path)
}

// within reports whether a package is the one of that path, or below it.
func within(path, top string) bool { return path == top || strings.HasPrefix(path, top+"/") }

// isLocal reports whether an address or URL is that of the machine itself.
func isLocal(addr string) bool {
	if _, rest, ok := strings.Cut(addr, "://"); ok {
		addr = rest
	}
	return slices.ContainsFunc([]string{"localhost", "127.", "[::1]", "::1"}, func(p string) bool { return strings.HasPrefix(addr, p) })
}
