package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Qualify returns how the function fn of the standard package of that path is named
// in code at pos, and the edits that import the package if the file does not. It fails
// where another meaning of the name is in the way, or the package cannot be imported.
func Qualify(pass *analysis.Pass, pos token.Pos, path, fn string) (name string, edits []analysis.TextEdit, ok bool) {
	file := FileOf(pass, pos)
	if file == nil {
		return "", nil, false
	}
	for _, spec := range file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != path {
			continue
		}
		name := lastElement(path)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		switch name {
		case "_":
			continue
		case ".":
			obj, ok := Lookup(pass, fn, pos).(*types.Func)
			return fn, nil, ok && obj.Pkg().Path() == path
		}
		pkg, ok := Lookup(pass, name, pos).(*types.PkgName)
		return name + "." + fn, nil, ok && pkg.Imported().Path() == path
	}
	base := lastElement(path)
	if isBelow(pass.Pkg.Path(), path) || Lookup(pass, base, pos) != nil || pass.Pkg.Scope().Lookup(base) != nil {
		return "", nil, false
	}
	return base + "." + fn, addImport(file, path), true
}

// Lookup returns what a name means at pos, or nil.
func Lookup(pass *analysis.Pass, name string, pos token.Pos) types.Object {
	scope := pass.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return nil
	}
	_, obj := scope.LookupParent(name, pos)
	return obj
}

func lastElement(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// isBelow reports whether the package may be one that package path of the standard
// library needs itself, so that importing it would be a cycle.
func isBelow(pkg, path string) bool {
	switch pkg {
	case path, "cmp", "iter", "unsafe", "runtime", "sync/atomic", "math", "math/bits", "math/rand":
		return true
	case "bufio", "bytes", "errors", "fmt", "io", "io/fs", "os", "path", "reflect", "slices", "sort", "strconv",
		"strings", "sync", "syscall", "time", "unicode", "unicode/utf8", "unicode/utf16":
		return path != "slices"
	}
	return strings.HasPrefix(pkg, "runtime/") || strings.HasPrefix(pkg, "internal/")
}

// addImport returns the edits that import a package of the standard library:
// at its place among its like in the first import declaration, or in a new one.
func addImport(file *ast.File, path string) []analysis.TextEdit {
	quoted := strconv.Quote(path)
	insert := func(pos token.Pos, text string) []analysis.TextEdit {
		return []analysis.TextEdit{{Pos: pos, End: pos, NewText: []byte(text)}}
	}
	for _, decl := range file.Decls {
		decl, ok := decl.(*ast.GenDecl)
		if !ok || decl.Tok != token.IMPORT || len(decl.Specs) == 0 {
			continue
		}
		first := decl.Specs[0].(*ast.ImportSpec)
		if first.Path.Value == `"C"` {
			continue // its comment belongs to cgo
		}
		if !decl.Lparen.IsValid() {
			return []analysis.TextEdit{
				{Pos: first.Pos(), End: first.Pos(), NewText: []byte("(\n\t")},
				{Pos: first.End(), End: first.End(), NewText: []byte("\n\t" + quoted + "\n)")},
			}
		}
		after := first
		for _, spec := range decl.Specs {
			spec := spec.(*ast.ImportSpec)
			if p, err := strconv.Unquote(spec.Path.Value); err == nil && IsStd(p) && p < path {
				after = spec
			}
		}
		if p, err := strconv.Unquote(after.Path.Value); err != nil || !IsStd(p) || p > path {
			sep := "\n\t"
			if !IsStd(p) {
				sep = "\n\n\t"
			}
			pos := first.Pos()
			if first.Doc != nil {
				pos = first.Doc.Pos()
			}
			return insert(pos, quoted+sep)
		}
		if after.Comment != nil {
			return insert(after.Comment.End(), "\n\t"+quoted)
		}
		return insert(after.End(), "\n\t"+quoted)
	}
	return insert(file.Name.End(), "\n\nimport "+quoted)
}

// IsStd reports whether an import path is one of the standard library.
func IsStd(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}
