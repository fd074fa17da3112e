package prealloc

import (
	_ "embed"
	"go/ast"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/evidence/lazyssa"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// The categories of the findings.
const (
	catSlice   = "slice"
	catMap     = "map"
	catFlatten = "flatten"
	catCollect = "collect"
	catBuilder = "builder"
)

// Analyzer is the check with default options.
var Analyzer = New()

// Check describes it to drivers and documentation.
var Check = lint.Check{
	New:      New,
	Group:    lint.Capacity,
	Stage:    lint.On,
	Since:    "v0.1.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Flow,
	Categories: []lint.Category{
		{Name: catSlice, Title: "a slice grows by append in a loop of known length"},
		{Name: catMap, Title: "a map is filled in a loop of known length without a size hint"},
		{Name: catFlatten, Title: "a loop appends the slices in a slice one after the other"},
		{Name: catCollect, Title: "slices.Collect of the keys or values of a map"},
		{Name: catBuilder, Title: "a strings.Builder or bytes.Buffer grows in a loop of known length"},
	},
}

// New returns a fresh instance of the check.
func New() *analysis.Analyzer {
	c := &checker{}
	a := &analysis.Analyzer{
		Name:     "prealloc",
		Doc:      lint.Doc(doc, "prealloc"),
		URL:      lint.URL("prealloc"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, escape.Analyzer, hot.Analyzer, lazyssa.Analyzer},
		Run:      c.run,
	}
	a.Flags.BoolVar(&c.all, lint.FlagAll, false, "report also where the gain is small, rare or unsure")
	return lint.New(a)
}

type checker struct {
	all bool
}

// A scan is the work on one package.
type scan struct {
	*analysis.Pass
	all  bool
	cold coldness
}

func (c *checker) run(pass *analysis.Pass) (any, error) {
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	s := &scan{Pass: pass, all: c.all, cold: coldness{pass: pass, hot: hot.Of(pass), info: pass.TypesInfo, root: root, all: c.all}}
	for cur := range root.Preorder((*ast.RangeStmt)(nil), (*ast.ForStmt)(nil), (*ast.CallExpr)(nil)) {
		if lint.IsTest(pass, cur.Node().Pos()) && !c.all {
			continue
		}
		if _, ok := cur.Node().(*ast.CallExpr); ok {
			s.collect(cur)
			continue
		}
		s.loop(cur)
	}
	return nil, nil
}

// loop looks at one loop: what grows by the same amount in each of its
// iterations, from nothing, and how many iterations there are.
func (s *scan) loop(cur inspector.Cursor) {
	l := newLoop(s.TypesInfo, lazyssa.Of(s.Pass), cur)
	if l == nil {
		return
	}
	targets := l.targets()
	if len(targets) == 0 {
		return
	}
	if len(targets) == 1 && s.flatten(l, targets[0]) {
		return
	}
	b, ok := l.iterations()
	if !ok {
		return
	}
	l.bound = b
	for _, t := range targets {
		s.target(l, t)
	}
}

func (s *scan) target(l *loop, t *target) {
	o, ok := l.origin(t)
	if !ok {
		return
	}
	p := l.paths(t)
	if !p.ok {
		return
	}
	r := l.rest(t)
	if !l.undisturbed(t, &o, r) {
		return
	}
	p.errors = append(p.errors, r.errors...)
	f := &finding{loop: l, target: t, origin: o, paths: p, rest: r.total}
	worth := s.worthSlice
	switch {
	case t.isMap:
		worth = s.worthMap
	case t.isText:
		worth = s.worthText
	}
	// What is worth it the compiler decides, whom to ask costs most: last.
	if s.cold.is(l) || !worth(f) {
		return
	}
	s.report(f)
}
