package prealloc

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

const slicesPath = "slices"

// importSlices returns how a function of package slices is called where the loop
// stands, and the edits that import the package if the file does not. It fails
// where another meaning of the name is in the way, or the package cannot be
// imported.
func (s *scan) importSlices(l *loop, file *ast.File, fn string) (call string, edits []analysis.TextEdit, ok bool) {
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err != nil || path != slicesPath {
			continue
		}
		name := slicesPath
		if spec.Name != nil {
			name = spec.Name.Name
		}
		switch name {
		case "_":
			continue
		case ".":
			obj, ok := l.lookup(fn, l.stmt.Pos()).(*types.Func)
			return fn, nil, ok && obj.Pkg().Path() == slicesPath
		}
		pkg, ok := l.lookup(name, l.stmt.Pos()).(*types.PkgName)
		return name + "." + fn, nil, ok && pkg.Imported().Path() == slicesPath
	}
	if belowSlices(s.Pkg.Path()) || l.lookup(slicesPath, l.stmt.Pos()) != nil || s.Pkg.Scope().Lookup(slicesPath) != nil {
		return "", nil, false
	}
	return slicesPath + "." + fn, addImport(file, slicesPath), true
}

// belowSlices reports whether package slices imports the package, so that it
// cannot be imported there.
func belowSlices(path string) bool {
	switch path {
	case slicesPath, "cmp", "iter", "math/bits", "unsafe", "runtime", "sync/atomic":
		return true
	}
	return strings.HasPrefix(path, "runtime/") || strings.HasPrefix(path, "internal/")
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
			if p, err := strconv.Unquote(spec.Path.Value); err == nil && isStd(p) && p < path {
				after = spec
			}
		}
		if p, err := strconv.Unquote(after.Path.Value); err != nil || !isStd(p) || p > path {
			sep := "\n\t"
			if !isStd(p) {
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

// isStd reports whether an import path is one of the standard library.
func isStd(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}
