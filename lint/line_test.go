package lint_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

// TestLine has a finding of one file name a line of it and one of another.
func TestLine(t *testing.T) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range []string{"dir/one.go", "dir/two.go"} {
		f, err := parser.ParseFile(fset, name, "package p\n\nvar x int\n", parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	here, there := files[0].Decls[0].Pos(), files[1].Decls[0].Pos()
	a := lint.New(&analysis.Analyzer{Name: "x", Run: func(pass *analysis.Pass) (any, error) {
		pass.Report(analysis.Diagnostic{Pos: here, Message: lint.Line(fset, here) + " and " + lint.Line(fset, there)})
		return nil, nil
	}})
	var got []string
	pass := &analysis.Pass{Analyzer: a, Fset: fset, Files: files, Report: func(d analysis.Diagnostic) { got = append(got, d.Message) }}
	if _, err := a.Run(pass); err != nil {
		t.Fatal(err)
	}
	if want := "line 3 and line 3 of two.go"; len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
