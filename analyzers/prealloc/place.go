package prealloc

import (
	"go/ast"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

// setAside reports whether the package as a whole is code whose allocations
// nobody counts: support for tests, commands that run once and are done, what
// reads configurations, and tools that work on Go source.
func setAside(pass *analysis.Pass) bool {
	return testSupport(pass) || sourceTool(pass.Pkg) || aboutConfig(pass.Pkg) || command(pass)
}

// testSupport reports whether a file of the package that is not a test imports
// package testing, or the package is that one, has a name that says so, or
// declares what a test is.
func testSupport(pass *analysis.Pass) bool {
	name := strings.TrimSuffix(pass.Pkg.Name(), "_test")
	for _, suffix := range []string{"test", "testing", "testutil", "testutils", "testhelper", "mock", "mocks", "fake"} {
		if strings.HasSuffix(name, suffix) && name != "test" {
			return true
		}
	}
	if declaresT(pass.Pkg) {
		return true
	}
	if !lint.Imports(pass.Pkg, "testing") {
		return false
	}
	for _, file := range pass.Files {
		if lint.FileImports(file, "testing") && !lint.IsTest(pass, file.FileStart) {
			return true
		}
	}
	return pass.Pkg.Path() == "testing"
}

// declaresT reports whether the package declares an interface that stands for a
// *testing.T.
func declaresT(pkg *types.Package) bool {
	for _, name := range pkg.Scope().Names() {
		if _, ok := pkg.Scope().Lookup(name).(*types.TypeName); !ok {
			continue
		}
		i, ok := pkg.Scope().Lookup(name).Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		n := 0
		for m := range i.Methods() {
			switch m.Name() {
			case "Logf", "Errorf", "Fatalf", "Helper":
				n++
			}
		}
		if n >= 2 {
			if obj, _, _ := types.LookupFieldOrMethod(i, false, pkg, "Infof"); obj == nil {
				return true
			}
		}
	}
	return false
}

// testFile reports whether a file is support for tests by its name, such as
// test_utils.go, testutil.go and fake_client.go.
func testFile(pass *analysis.Pass, n ast.Node) bool {
	name := filepath.Base(pass.Fset.File(n.Pos()).Name())
	words := strings.Split(strings.TrimSuffix(name, ".go"), "_")
	for i, word := range words {
		switch word {
		case "testutil", "testutils", "testhelper", "testhelpers", "testing", "mock", "mocks", "fake", "fakes":
			return true
		case "test":
			if i+1 < len(words) && (strings.HasPrefix(words[i+1], "util") || strings.HasPrefix(words[i+1], "helper")) {
				return true
			}
		}
	}
	return false
}

// sourceTool reports whether the package works on Go source: what it walks over
// is short, and a run of it is not what a service does all day.
func sourceTool(pkg *types.Package) bool {
	return slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool {
		switch p.Path() {
		case "go/ast", "go/build", "go/parser", "go/types":
			return true
		}
		return strings.HasPrefix(p.Path(), "golang.org/x/tools/go/")
	})
}

// aboutConfig reports whether a part of the path of the package says that it
// deals with configurations: these are read once, and list a handful.
func aboutConfig(pkg *types.Package) bool {
	for dir := pkg.Path(); dir != "." && dir != "/"; dir = path.Dir(dir) {
		part := path.Base(dir)
		for _, suffix := range []string{"config", "conf", "bootstrap"} {
			if strings.HasSuffix(part, suffix) {
				return true
			}
		}
	}
	return false
}

// command reports whether the package is, or is part of, a command that does its
// work once: it reads its command line, and serves nobody.
func command(pass *analysis.Pass) bool {
	if pass.Pkg.Name() == "main" && !readsCommandLine(pass) ||
		pass.Pkg.Name() != "main" && !slices.Contains(strings.Split(pass.Pkg.Path(), "/"), "cmd") {
		return false
	}
	for id, obj := range pass.TypesInfo.Uses {
		if serves(obj) && !lint.IsTest(pass, id.Pos()) {
			return false
		}
	}
	return true
}

func readsCommandLine(pass *analysis.Pass) bool {
	return lint.Imports(pass.Pkg, "flag", "github.com/spf13/pflag", "github.com/spf13/cobra", "github.com/alecthomas/kingpin/v2",
		"github.com/urfave/cli", "github.com/urfave/cli/v2", "github.com/urfave/cli/v3", "github.com/alecthomas/kong")
}

// serves reports whether the object is one that servers use.
func serves(obj types.Object) bool {
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	switch obj.Pkg().Path() {
	case "net/http":
		switch obj.Name() {
		case "ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS", "ResponseWriter", "Handler", "HandlerFunc", "Handle", "HandleFunc", "ServeMux":
			return true
		}
	case "net":
		return strings.HasPrefix(obj.Name(), "Listen")
	case "google.golang.org/grpc":
		return obj.Name() == "NewServer"
	}
	return false
}
