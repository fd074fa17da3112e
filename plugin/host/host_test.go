package host

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

// passOf returns a pass over a package of one file.
func passOf(t *testing.T, path, file string, module *analysis.Module) *analysis.Pass {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, "package p\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	return &analysis.Pass{Fset: fset, Files: []*ast.File{f}, Pkg: types.NewPackage(path, "p"), Module: module}
}

func TestOwn(t *testing.T) {
	for _, test := range []struct {
		path, file string
		module     *analysis.Module
		want       bool
	}{
		{"example.com/a", "/home/a/a.go", &analysis.Module{Path: "example.com/a", Main: true}, true},
		{"example.com/b", "/cache/b/b.go", &analysis.Module{Path: "example.com/b"}, false},
		{"net/http", "/go/src/net/http/a.go", nil, false},
		{"vendor/golang.org/x/net", "/go/src/vendor/golang.org/x/net/a.go", nil, false},
		{"net/http", "/home/go/src/net/http/a.go", &analysis.Module{Path: "std", Main: true}, true},
		{"example.com/c", "/gopath/src/example.com/c/c.go", nil, true},
		{"command-line-arguments", "/tmp/a.go", nil, true},
		{"command-line-arguments", "/tmp/a.go", new(analysis.Module), true},
	} {
		if got := own(passOf(t, test.path, test.file, test.module)); got != test.want {
			t.Errorf("own(%s in %s) = %v", test.path, test.file, got)
		}
	}
}

// TestAnalyzers: what is required is looked up by its own name, and does nothing either
// on packages of others.
func TestAnalyzers(t *testing.T) {
	type value struct{ n int }
	base := &analysis.Analyzer{
		Name: "base", Doc: "base", ResultType: reflect.TypeFor[*value](),
		Run: func(*analysis.Pass) (any, error) { return &value{7}, nil },
	}
	got := 0
	check := lint.Check{New: func() *analysis.Analyzer {
		return &analysis.Analyzer{
			Name: "check", Doc: "check", Requires: []*analysis.Analyzer{base},
			Run: func(pass *analysis.Pass) (any, error) {
				got = pass.ResultOf[base].(*value).n
				return nil, nil
			},
		}
	}}
	a := Analyzers([]lint.Check{check}, nil)[0]
	run := func(module *analysis.Module) any {
		pass := passOf(t, "example.com/a", "/home/a/a.go", module)
		result, err := a.Requires[0].Run(pass)
		if err != nil {
			t.Fatal(err)
		}
		pass.ResultOf = map[*analysis.Analyzer]any{a.Requires[0]: result}
		if _, err := a.Run(pass); err != nil {
			t.Fatal(err)
		}
		return result
	}
	if result := run(&analysis.Module{Path: "example.com/other"}); result != (*value)(nil) || got != 0 {
		t.Errorf("on another module: %v, %d", result, got)
	}
	run(&analysis.Module{Path: "example.com/a", Main: true})
	if got != 7 {
		t.Errorf("on the main module: %d", got)
	}
}
