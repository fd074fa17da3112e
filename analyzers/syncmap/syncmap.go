package syncmap

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	return lint.New(&analysis.Analyzer{
		Name:      "syncmap",
		Doc:       lint.Doc(doc, "syncmap"),
		URL:       lint.URL("syncmap"),
		Requires:  []*analysis.Analyzer{inspect.Analyzer, hot.Analyzer},
		FactTypes: []analysis.Fact{(*Stores)(nil)},
		Run:       run,
	})
}

// Check is what drivers and documentation need beyond the analyzer itself.
var Check = lint.Check{
	New:      New,
	Group:    lint.Runtime,
	Stage:    lint.Opt,
	Since:    "v0.3.0",
	Fix:      lint.NoFix,
	Evidence: lint.Types,
	Categories: []lint.Category{
		{Name: writeMostly, Title: "a sync.Map that is written often and never looked up"},
	},
}

const writeMostly = "write-mostly"

// A Stores fact says of a function that each call of it stores in a sync.Map which nothing looks up.
type Stores struct {
	Name string // of the map
}

func (*Stores) AFact() {}

func (s *Stores) String() string { return "stores in " + s.Name }

// A table is what a package does with one sync.Map.
type table struct {
	obj    *types.Var
	writes []inspector.Cursor // calls
	ranges []*ast.CallExpr
	reads  bool // or it is used in a way that is not understood
}

const better = "each Store of a sync.Map allocates an entry and boxes key and value; a map with a sync.Mutex writes in place"

func run(pass *analysis.Pass) (any, error) {
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	report := hot.Of(pass)
	if lint.Imports(pass.Pkg, "sync") {
		for _, t := range collect(pass, root) {
			if !t.reads && !slices.ContainsFunc(t.ranges, func(c *ast.CallExpr) bool { return report.At(c).Worth() }) {
				t.judge(pass, report)
			}
		}
	}
	elsewhere(pass, root, report)
	return nil, nil
}

// judge reports a map that is written often, or notes which functions write it on every call.
func (t *table) judge(pass *analysis.Pass, report *hot.Report) {
	for _, w := range t.writes {
		if p := report.At(w.Node()); p.Worth() {
			pass.Report(analysis.Diagnostic{
				Pos:      w.Node().Pos(),
				End:      w.Node().End(),
				Category: writeMostly,
				Message:  fmt.Sprintf("%s is written %s and nothing looks a key up: %s", t.obj.Name(), p.When(), better),
				Related:  p.Related(),
			})
			return
		}
	}
	for _, w := range t.writes {
		// the call, its statement, the body, the function
		decl, ok := w.Parent().Parent().Parent().Node().(*ast.FuncDecl)
		if !ok || !decl.Name.IsExported() || lint.IsTest(pass, decl.Pos()) {
			continue
		}
		if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
			pass.ExportObjectFact(fn, &Stores{t.obj.Name()})
		}
	}
}

// elsewhere reports calls of functions of other packages that store.
func elsewhere(pass *analysis.Pass, root inspector.Cursor, report *hot.Report) {
	stores := make(map[*types.Func]bool)
	for _, obj := range pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok && fn.Pkg() != nil && fn.Pkg() != pass.Pkg && pass.ImportObjectFact(fn.Origin(), new(Stores)) {
			stores[fn.Origin()] = true
		}
	}
	if len(stores) == 0 {
		return
	}
	for c := range root.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
		if !ok || !stores[fn.Origin()] {
			continue
		}
		if p := report.At(call); p.Worth() {
			pass.Report(analysis.Diagnostic{
				Pos:      call.Pos(),
				End:      call.End(),
				Category: writeMostly,
				Message:  fmt.Sprintf("%s stores in a sync.Map %s, and nothing looks a key of it up: %s", lint.Text(call.Fun), p.When(), better),
				Related:  p.Related(),
			})
			delete(stores, fn.Origin())
		}
	}
}

// collect returns what is done with each sync.Map that only this package can see, in the
// order of their first use.
func collect(pass *analysis.Pass, root inspector.Cursor) (list []*table) {
	tables := make(map[*types.Var]*table)
	for c := range root.Preorder((*ast.Ident)(nil)) {
		v, ok := pass.TypesInfo.Uses[c.Node().(*ast.Ident)].(*types.Var)
		if !ok || v.Pkg() != pass.Pkg || v.Exported() || !lint.IsNamed(v.Type(), "sync", "Map") {
			continue
		}
		t := tables[v]
		if t == nil {
			t = &table{obj: v}
			tables[v] = t
			list = append(list, t)
		}
		if v.IsField() {
			c = c.Parent() // x.m
		}
		method, ok := c.Parent().Node().(*ast.SelectorExpr)
		call, isCall := c.Parent().Parent().Node().(*ast.CallExpr)
		if !ok || !isCall || call.Fun != method {
			t.reads = true
			continue
		}
		switch method.Sel.Name {
		case "Store":
			t.writes = append(t.writes, c.Parent().Parent())
		case "Swap":
			if _, ok := c.Parent().Parent().Parent().Node().(*ast.ExprStmt); ok {
				t.writes = append(t.writes, c.Parent().Parent())
			} else {
				t.reads = true
			}
		case "Delete", "Clear":
		case "Range":
			t.ranges = append(t.ranges, call)
		default:
			t.reads = true
		}
	}
	return list
}
