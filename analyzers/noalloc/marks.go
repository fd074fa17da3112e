package noalloc

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

const (
	noalloc = "//heapvet:noalloc"
	assume  = "//heapvet:assume-noalloc"
	assert  = "//gcassert:"
)

// marks are the comments that the check obeys.
type marks struct {
	funcs   map[*ast.FuncDecl]mark
	objects map[types.Object]mark   // interface methods and function types of the package
	assumed map[string]map[int]bool // lines of the package's own files, by base name: nothing there is of concern
	asserts []assertion
}

type mark struct {
	strict  bool
	assumed bool // assume-noalloc: not to be looked into
}

// An assertion is a comment of gcassert's on a line.
type assertion struct {
	comment *ast.Comment
	file    *ast.File
	from    int // line
	what    []string
}

func readMarks(p *analysis.Pass) *marks {
	m := &marks{
		funcs:   make(map[*ast.FuncDecl]mark),
		objects: make(map[types.Object]mark),
		assumed: make(map[string]map[int]bool),
	}
	for _, f := range p.Files {
		marked := false
		for _, group := range f.Comments {
			for _, c := range group.List {
				if strings.HasPrefix(c.Text, "//heapvet:") {
					marked = true
					if reason(c.Text) != "" {
						m.assume(p.Fset, f, group, c)
					}
				} else if list, ok := strings.CutPrefix(c.Text, assert); ok {
					list, _, _ = strings.Cut(list, " ")
					what := strings.Split(list, ",")
					m.asserts = append(m.asserts, assertion{c, f, coveredLine(p.Fset, f, c), what})
				}
			}
		}
		if marked {
			m.readDecls(p, f)
		}
	}
	return m
}

func (m *marks) readDecls(p *analysis.Pass, f *ast.File) {
	for _, decl := range f.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if mark, ok := parse(decl.Doc); ok {
				m.funcs[decl] = mark
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				spec, ok := spec.(*ast.TypeSpec)
				if !ok {
					continue
				}
				mark, ok := parse(spec.Doc)
				if !ok && len(decl.Specs) == 1 {
					mark, ok = parse(decl.Doc)
				}
				switch t := spec.Type.(type) {
				case *ast.FuncType:
					if ok {
						m.objects[p.TypesInfo.Defs[spec.Name]] = mark
					}
				case *ast.InterfaceType:
					for _, field := range t.Methods.List {
						own, marked := parse(field.Doc)
						if !marked {
							own, marked = parse(field.Comment)
						}
						for _, name := range field.Names {
							if obj := p.TypesInfo.Defs[name]; obj != nil && (ok || marked) {
								own.strict = own.strict || mark.strict
								m.objects[obj] = own
							}
						}
					}
				}
			}
		}
	}
}

// parse reads the directive of a declaration. An assumption without a reason is none.
func parse(doc *ast.CommentGroup) (m mark, ok bool) {
	if doc == nil {
		return mark{}, false
	}
	for _, c := range doc.List {
		switch fields := strings.Fields(c.Text); {
		case len(fields) == 0:
		case fields[0] == noalloc:
			m.strict, ok = len(fields) > 1 && fields[1] == "strict", true
		case reason(c.Text) != "":
			m.assumed, ok = true, true
		}
	}
	return m, ok
}

// reason returns why the author assumes that nothing is allocated; "" if the comment
// is no such assumption, or gives no reason.
func reason(text string) string {
	rest, ok := strings.CutPrefix(text, assume)
	if !ok || rest != "" && rest[0] != ' ' {
		return ""
	}
	return strings.TrimSpace(rest)
}

// assume notes the line that an assumption is about.
func (m *marks) assume(fset *token.FileSet, f *ast.File, group *ast.CommentGroup, c *ast.Comment) {
	name := filepath.Base(fset.PositionFor(c.Pos(), true).Filename)
	if m.assumed[name] == nil {
		m.assumed[name] = make(map[int]bool)
	}
	m.assumed[name][coveredLine(fset, f, c)] = true
}

// coveredLine returns the line that a comment is about: its own if there is code
// before it, else the next one.
func coveredLine(fset *token.FileSet, f *ast.File, c *ast.Comment) int {
	line := fset.PositionFor(c.Pos(), true).Line
	alone := true
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil || !alone || n.Pos() > c.Pos() {
			return false
		}
		switch n.(type) {
		case *ast.Comment, *ast.CommentGroup:
			return false
		case *ast.File, *ast.BlockStmt, *ast.FuncDecl, *ast.GenDecl:
		default:
			if fset.PositionFor(n.Pos(), true).Line == line || n.End() < c.Pos() && fset.PositionFor(n.End(), true).Line == line {
				alone = false
			}
		}
		return true
	})
	if alone {
		return line + 1
	}
	return line
}

// A Contract is the fact that an interface method, or the functions of a type, must
// not allocate.
type Contract struct{ Strict bool }

func (*Contract) AFact()           {}
func (c *Contract) String() string { return "noalloc" }

// A Sum is the fact of what a package and its imports are made of. It makes the go
// command look at a contract again when something deep down has changed.
type Sum struct{ Hash []byte }

func (*Sum) AFact()           {}
func (s *Sum) String() string { return fmt.Sprintf("sum %x", s.Hash) }

// exportSum exports the Sum of the package.
func exportSum(p *analysis.Pass) {
	if p.ReadFile == nil || p.Module == nil {
		return // the standard library has no contracts
	}
	h := sha256.New()
	for _, f := range p.Files {
		name := p.Fset.File(f.FileStart).Name()
		data, err := p.ReadFile(name)
		if err != nil {
			return
		}
		fmt.Fprintf(h, "%s %d\n", filepath.Base(name), len(data))
		h.Write(data)
	}
	imports := slices.Clone(p.Pkg.Imports()) // other checks read it
	slices.SortFunc(imports, func(a, b *types.Package) int { return strings.Compare(a.Path(), b.Path()) })
	for _, imp := range imports {
		var sum Sum
		if p.ImportPackageFact(imp, &sum) {
			io.WriteString(h, imp.Path())
			h.Write(sum.Hash)
		}
	}
	p.ExportPackageFact(&Sum{h.Sum(nil)[:8]})
}
