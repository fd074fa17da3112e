// Package lint is the leaf that every check stands on: the metadata of a
// check, its documentation, suppression, and the few type matchers that more
// than one check needs. It knows no check and no source of evidence.
package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Group is the family of the catalogue that a check belongs to.
type Group string

// The families of checks, in the order in which documentation lists them.
const (
	Goroutines Group = "Goroutines and locks"
	Pools      Group = "sync.Pool"
	Contexts   Group = "context"
	Capacity   Group = "Slices, maps, capacity"
	Allocation Group = "Allocation and escape"
	Runtime    Group = "Runtime, start-up, retention"
	Resources  Group = "HTTP and other resources"
)

// Stage says who sees the findings of a check.
type Stage string

const (
	On  Stage = "on"  // reported by default: trusted on code that nobody here has seen
	Opt Stage = "opt" // reported only where a user enables the check by name
)

// Fix says what the suggested fixes of a check promise.
type Fix string

const (
	NoFix    Fix = "none"
	SafeFix  Fix = "safe" // keeps behaviour, compiles, is idempotent
	SomeSafe Fix = "some" // safe fixes for some of the categories
)

// Evidence is the strongest proof that a check asks for.
type Evidence string

const (
	Types    Evidence = "types"    // syntax and types
	Flow     Evidence = "flow"     // control and value flow (SSA)
	Compiler Evidence = "compiler" // the compiler's own escape output
)

// Category is one sub-rule of a check; its Name is the Category of the
// diagnostics that it reports.
type Category struct {
	Name  string // kebab-case
	Title string // one line, at most 80 characters, no final period
}

// Check is what drivers and documentation need beyond the analyzer itself.
type Check struct {
	New        func() *analysis.Analyzer // a fresh instance with flags of its own
	Group      Group
	Stage      Stage
	Since      string // the release that brought it, such as "v0.1.0"
	Fix        Fix
	Evidence   Evidence
	Categories []Category

	// Proved says that the fixes promise fewer allocations. A driver that can compile the
	// package offers them only after it has compiled it again with them.
	Proved bool

	// Origin names the project that a check was adopted from as it is; "" for
	// heapvet's own. An adopted finding gives way to heapvet's own on its line.
	Origin string
	// Gate reports, from the syntax and types of the pass alone, whether the
	// package may have a finding at all. A driver may ask it to spare the
	// prerequisites of a check; nil stands for yes.
	Gate func(*analysis.Pass) bool
}

// FlagAll is the name of the flag that every check with findings of medium
// confidence has: when set, these are reported too. Drivers set it on all
// checks at once by their own -all flag.
const FlagAll = "all"

// Doc returns the documentation of the named analyzer: the part of the package
// comment in content (the text of doc.go, written with // comments) below the
// heading "# Analyzer NAME". That part must begin with "NAME: summary". It
// returns "" if there is none, which analysis.Validate then refuses.
//
// It runs when a check's package is initialised, in each of the many short lives
// of a vet tool, so it does not parse Go.
func Doc(content, name string) string {
	_, text, found := strings.Cut(content, "\n// # Analyzer "+name+"\n//\n// "+name+": ")
	if !found {
		return ""
	}
	text, _, _ = strings.Cut(text, "\npackage ")
	text, _, _ = strings.Cut(text, "\n// # Analyzer ")
	text = strings.ReplaceAll(text, "\n// ", "\n")
	text = strings.ReplaceAll(text, "\n//\t", "\n\t")
	text = strings.ReplaceAll(text, "\n//", "\n")
	return strings.TrimSpace(text)
}

// URL returns the address of the page that documents the named check.
func URL(name string) string {
	return "https://github.com/heapvet/heapvet/blob/main/docs/checks/" + name + ".md"
}

// FileOf returns the file of the pass that contains pos, or nil.
func FileOf(pass *analysis.Pass, pos token.Pos) *ast.File {
	for _, f := range pass.Files {
		if f.FileStart <= pos && pos <= f.FileEnd {
			return f
		}
	}
	return nil
}

// Declarations returns the declarations of the functions of a package, also those without a body.
func Declarations(pass *analysis.Pass) map[*types.Func]*ast.FuncDecl {
	decls := make(map[*types.Func]*ast.FuncDecl)
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok {
				if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					decls[fn] = decl
				}
			}
		}
	}
	return decls
}

// Tests tells the tests of other code from the rest of a package. A package that consists of
// _test.go files alone which import nothing but the standard library and golang.org/x has none:
// a bug that somebody has isolated, or an experiment, is itself what such files are about.
type Tests struct {
	pass  *analysis.Pass
	Alone bool // the package is one that tests nothing
	Below bool // it is in a folder for tests of its module, which only its path tells
}

// TestsOf returns the tests of the package of a pass.
func TestsOf(pass *analysis.Pass) Tests {
	alone := !slices.ContainsFunc(pass.Files, func(f *ast.File) bool { return !IsTest(pass, f.Package) || !alone(pass, f) }) &&
		!strings.HasSuffix(pass.Pkg.Name(), "_test") // that one tests the package without
	return Tests{pass, alone, belowTests(pass)}
}

// belowTests reports whether a package is in a folder of its module that is for end-to-end tests or
// for helpers of tests, or below one of tests.
func belowTests(pass *analysis.Pass) bool {
	if pass.Module == nil {
		return false
	}
	rest, inside := strings.CutPrefix(pass.Pkg.Path(), pass.Module.Path+"/")
	if !inside {
		return false
	}
	elems := strings.Split(rest, "/")
	return slices.ContainsFunc(elems, func(elem string) bool {
		return slices.Contains([]string{"e2e", "testutil", "testutils", "testhelper", "testhelpers"}, elem)
	}) || slices.ContainsFunc(elems[:len(elems)-1], func(elem string) bool { return elem == "test" || elem == "tests" })
}

func alone(pass *analysis.Pass, f *ast.File) bool {
	module := ""
	if pass.Module != nil {
		module, _, _ = strings.Cut(pass.Module.Path, "/")
	}
	return !slices.ContainsFunc(f.Imports, func(spec *ast.ImportSpec) bool {
		path, err := strconv.Unquote(spec.Path.Value)
		first, _, _ := strings.Cut(path, "/")
		return err != nil || first == module || strings.Contains(first, ".") && !strings.HasPrefix(path, "golang.org/x/")
	})
}

// Has reports whether a position is in a test of other code.
func (t Tests) Has(pos token.Pos) bool {
	return !t.Alone && IsTest(t.pass, pos)
}

// Helps reports whether a position is in a test of other code, or in what there is only for tests:
// a function that is given one, a method of what has one, or a file with such functions that
// imports package testing; or all of a package below a folder for tests.
func (t Tests) Helps(pos token.Pos) bool {
	if t.Has(pos) || t.Below && !t.Alone {
		return true
	}
	file := FileOf(t.pass, pos)
	if file == nil || t.Alone {
		return false
	}
	anywhere := FileImports(file, "testing")
	return slices.ContainsFunc(file.Decls, func(decl ast.Decl) bool {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || !anywhere && (pos < fn.Pos() || fn.End() <= pos) {
			return false
		}
		obj, ok := t.pass.TypesInfo.Defs[fn.Name].(*types.Func)
		return ok && (obj.Signature().Recv() != nil && hasTest(obj.Signature().Recv().Type()) ||
			slices.ContainsFunc(slices.Collect(obj.Signature().Params().Variables()), func(p *types.Var) bool { return hasTest(p.Type()) }))
	})
}

// hasTest reports whether a type is one of a test, or a struct with one.
func hasTest(t types.Type) bool {
	isTest := func(t types.Type) bool { return IsNamed(Deref(t), "testing", "T", "B", "F", "TB", "M") }
	if isTest(t) {
		return true
	}
	st, ok := Deref(t).Underlying().(*types.Struct)
	return ok && slices.ContainsFunc(slices.Collect(st.Fields()), func(f *types.Var) bool { return isTest(f.Type()) })
}

// IsTest reports whether pos lies in a _test.go file.
func IsTest(pass *analysis.Pass, pos token.Pos) bool {
	f := pass.Fset.File(pos)
	return f != nil && strings.HasSuffix(f.Name(), "_test.go")
}
