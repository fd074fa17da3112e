package hot_test

import (
	"go/ast"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/hot"
	"github.com/heapvet/heapvet/lint"
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
			kind := map[hot.Kind]string{hot.Cold: "cold", hot.Loop: "loop", hot.Request: "request", hot.Message: "message",
				hot.Benched: "benched", hot.Profiled: "profiled", hot.Declared: "declared"}[p.Kind]
			if p.Call != nil {
				kind += " by a call"
			}
			pass.Reportf(n.Pos(), "%s: %s, depth %d", kind, p.When(), p.Depth)
		})
		return nil, nil
	},
}

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), places, "a", "command", "serve")
}

// A profile names functions as the runtime does.
func TestProfile(t *testing.T) {
	profile := make(hot.Profile)
	if err := profile.Set("profiled.(*queue).push,profiled.queue.pop,profiled.plain,profiled.cold,other.other"); err != nil {
		t.Fatal(err)
	}
	with := map[*analysis.Analyzer]*analysis.Analyzer{hot.Analyzer: hot.New(profile)}
	analysistest.Run(t, analysistest.TestData(), lint.Replace(with, places)[0], "profiled")
	if got, want := profile.String(), "other.other,profiled.(*queue).push,profiled.cold,profiled.plain,profiled.queue.pop"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
}
