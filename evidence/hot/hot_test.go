package hot_test

import (
	"go/ast"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/hot"
)

// places reports the place of every call of a function named mark.
var places = &analysis.Analyzer{
	Name:     "places",
	Doc:      "report how often marks are reached",
	Requires: []*analysis.Analyzer{inspect.Analyzer, hot.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
		in.Preorder([]ast.Node{(*ast.CallExpr)(nil)}, func(n ast.Node) {
			if id, ok := n.(*ast.CallExpr).Fun.(*ast.Ident); !ok || id.Name != "mark" {
				return
			}
			p := hot.Of(pass).At(n)
			kind := map[hot.Kind]string{hot.Cold: "cold", hot.Loop: "loop", hot.Request: "request", hot.Declared: "declared"}[p.Kind]
			if p.Call != nil {
				kind += " by a call"
			}
			pass.Reportf(n.Pos(), "%s: %s, depth %d", kind, p.When(), p.Depth)
		})
		return nil, nil
	},
}

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), places, "a", "command")
}
