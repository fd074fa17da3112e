package prealloc

import (
	"go/ast"
	"go/types"
	"strings"
	"unicode"

	"github.com/heapvet/heapvet/lint"
)

// readOnce reports whether the package is, by its path, one that reads a
// configuration, makes up a command or stands in for another in tests: its lists are
// short and made once. No type tells that, and authors keep to these names.
func (c *coldness) readOnce() bool {
	for part := range strings.SplitSeq(c.pass.Pkg.Path(), "/") {
		switch part {
		case "fake", "fakes", "mock", "mocks", "testutil", "testutils":
			return true
		}
		if part == "cmd" && c.pass.Pkg.Name() != "main" || strings.HasSuffix(part, "config") || part == "conf" || strings.HasSuffix(part, "bootstrap") {
			return true
		}
	}
	return false
}

// prepares reports whether a function is, by the first word of its name, one that sets
// up its object, once.
func prepares(name string) bool {
	for _, word := range []string{"provision", "setup", "configure", "bootstrap", "register"} {
		if len(name) >= len(word) && strings.EqualFold(name[:len(word)], word) {
			if rest := name[len(word):]; rest == "" || !unicode.IsLower(rune(rest[0])) {
				return true
			}
		}
	}
	return false
}

// testFile reports whether the file is support for tests, though it is not a test: it
// imports package testing, or its package does and hands a test around, or declares
// what a test is.
func (c *coldness) testFile(n ast.Node) bool {
	if c.tests == nil {
		tests := c.pass.Pkg.Path() == "testing" || declaresT(c.pass.Pkg) || lint.Imports(c.pass.Pkg, "testing") && c.takesT()
		c.tests = &tests
	}
	if *c.tests {
		return true
	}
	file := lint.FileOf(c.pass, n.Pos())
	return file != nil && lint.FileImports(file, "testing")
}

// takesT reports whether a function outside of the tests has a parameter of a type
// of package testing.
func (c *coldness) takesT() bool {
	for cur := range c.root.Preorder((*ast.FuncDecl)(nil)) {
		decl := cur.Node().(*ast.FuncDecl)
		if lint.IsTest(c.pass, decl.Pos()) {
			continue
		}
		for _, field := range decl.Type.Params.List {
			named, ok := types.Unalias(lint.Deref(c.info.TypeOf(field.Type))).(*types.Named)
			if ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "testing" {
				return true
			}
		}
	}
	return false
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
		helper, fails := false, false
		for m := range i.Methods() {
			helper = helper || m.Name() == "Helper" && m.Signature().Params().Len()+m.Signature().Results().Len() == 0
			fails = fails || m.Name() == "Errorf" || m.Name() == "Fatalf"
		}
		if helper && fails {
			return true
		}
	}
	return false
}
