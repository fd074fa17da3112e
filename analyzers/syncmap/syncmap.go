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
		Name:     "syncmap",
		Doc:      lint.Doc(doc, "syncmap"),
		URL:      lint.URL("syncmap"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, hot.Analyzer},
		Run:      run,
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

// A table is what a package does with one sync.Map.
type table struct {
	obj    *types.Var
	writes []*ast.CallExpr
	ranges []*ast.CallExpr
	reads  bool // or it is used in a way that is not understood
}

func run(pass *analysis.Pass) (any, error) {
	if !lint.Imports(pass.Pkg, "sync") {
		return nil, nil
	}
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	for _, t := range collect(pass, root) {
		if t.reads || len(t.writes) == 0 {
			continue
		}
		report := hot.Of(pass)
		if slices.ContainsFunc(t.ranges, func(c *ast.CallExpr) bool { return report.At(c).Worth() }) {
			continue
		}
		for _, w := range t.writes {
			if p := report.At(w); p.Worth() {
				pass.Report(analysis.Diagnostic{
					Pos:      w.Pos(),
					End:      w.End(),
					Category: writeMostly,
					Message: fmt.Sprintf("%s is written %s and nothing looks a key up: each Store of a sync.Map allocates an entry and boxes key and value; a map with a sync.Mutex writes in place",
						t.obj.Name(), p.When()),
					Related: p.Related(),
				})
				break
			}
		}
	}
	return nil, nil
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
			t.writes = append(t.writes, call)
		case "Swap":
			if _, ok := c.Parent().Parent().Parent().Node().(*ast.ExprStmt); ok {
				t.writes = append(t.writes, call)
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
