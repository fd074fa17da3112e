package lint_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

// TestTests tells which packages of _test.go files test something.
func TestTests(t *testing.T) {
	for _, test := range []struct {
		file, pkg, module string
		imports           string
		alone             bool
	}{
		{"a_test.go", "a", "example.com/m", `"sync"; "testing"`, true},
		{"a_test.go", "a", "example.com/m", `"golang.org/x/sync/errgroup"`, true},
		{"a_test.go", "a", "kernels", `"os"`, true},
		{"a.go", "a", "example.com/m", `"sync"`, false},
		{"a_test.go", "a_test", "example.com/m", `"testing"`, false},
		{"a_test.go", "a", "example.com/m", `"example.com/m/b"`, false},
		{"a_test.go", "a", "x/it", `"x"`, false}, // of the module around this one
		{"a_test.go", "a", "example.com/m", `"github.com/other/lib"`, false},
		{"a_test.go", "a", "", `"github.com/other/lib"`, false},
	} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, test.file, "package "+test.pkg+"\nimport ("+test.imports+")\n", parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		pass := &analysis.Pass{Fset: fset, Files: []*ast.File{f}, Pkg: types.NewPackage(test.pkg, test.pkg)}
		if test.module != "" {
			pass.Module = &analysis.Module{Path: test.module}
		}
		tests := lint.TestsOf(pass)
		if tests.Alone != test.alone {
			t.Errorf("%+v: alone %v", test, tests.Alone)
		}
		if has := tests.Has(f.Package); has != (test.file != "a.go" && !test.alone) {
			t.Errorf("%+v: Has %v", test, has)
		}
	}
}

// TestHelps tells which packages are there for tests by their paths alone.
func TestHelps(t *testing.T) {
	for path, want := range map[string]bool{
		"example.com/tests/m":               false, // all of the module
		"example.com/tests/m/server":        false,
		"example.com/tests/m/test":          false,
		"example.com/tests/m/test/load":     true,
		"example.com/tests/m/tests/a/b":     true,
		"example.com/tests/m/x/e2e":         true,
		"example.com/tests/m/x/testutil":    true,
		"example.com/tests/m/x/testutil/db": true,
		"example.com/tests/m/latest/a":      false,
	} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "a.go", "package a", parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		pass := &analysis.Pass{Fset: fset, Files: []*ast.File{f}, Pkg: types.NewPackage(path, "a"), Module: &analysis.Module{Path: "example.com/tests/m"}}
		if got := lint.TestsOf(pass).Helps(f.Package); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}
