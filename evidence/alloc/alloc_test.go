package alloc_test

import (
	"go/ast"
	"go/token"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/heapvet/heapvet/evidence/alloc"
	"github.com/heapvet/heapvet/evidence/escape"
)

var verdicts = map[alloc.Verdict]string{
	alloc.Unverified: "unverified", alloc.Refuted: "refuted", alloc.Conditional: "conditional", alloc.Confirmed: "confirmed",
}

// probe reports the verdict about every expression that may allocate.
func probe(know func(*alloc.Report)) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "probe",
		Doc:      "report what the machine code shows",
		Requires: []*analysis.Analyzer{alloc.Analyzer, escape.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			r := alloc.Of(pass)
			know(r)
			for _, f := range pass.Files {
				ast.Inspect(f, func(n ast.Node) bool {
					what := form(pass, n)
					if what == "" {
						return true
					}
					a := r.At(n)
					if a.Over > 0 {
						pass.Reportf(n.Pos(), "%s: %s over %d", what, verdicts[a.Verdict], a.Over)
					} else {
						pass.Reportf(n.Pos(), "%s: %s", what, verdicts[a.Verdict])
					}
					return what != "concat" && what != "literal" || isFunc(n)
				})
			}
			return nil, nil
		},
	}
}

func isFunc(e ast.Node) bool {
	_, ok := e.(*ast.FuncLit)
	return ok
}

func form(pass *analysis.Pass, n ast.Node) string {
	e, _ := n.(ast.Expr)
	tv := pass.TypesInfo.Types[e]
	switch e := n.(type) {
	case *ast.AssignStmt:
		if e.Tok == token.ADD_ASSIGN {
			return "concat"
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD && tv.Value == nil && tv.Type.String() == "string" {
			return "concat"
		}
	case *ast.UnaryExpr:
		if _, ok := e.X.(*ast.CompositeLit); ok {
			return "literal"
		}
	case *ast.CompositeLit:
		if tv.Type.String() == "map[string]int" {
			return "literal"
		}
	case *ast.FuncLit:
		return "literal"
	case *ast.CallExpr:
		fun := pass.TypesInfo.Types[e.Fun]
		if fun.IsType() {
			return "conversion"
		}
		if id, ok := e.Fun.(*ast.Ident); ok && fun.IsBuiltin() {
			switch id.Name {
			case "make", "new", "append":
				return id.Name
			}
		}
	}
	return ""
}

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), probe(func(r *alloc.Report) {
		if !r.Known() {
			t.Error(r.Why())
		}
	}), "a")
}
