package alloc

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
)

// A Source is a file of another package, as far as its syntax alone tells.
type Source struct {
	Rare   map[int]bool   // lines that are reached only if something went wrong
	Params map[int]bool   // lines whose only calls by a name that may be a function value call a parameter
	Notes  map[int]string // lines of directives "//heapvet:…", without the prefix
	Funcs  map[int]int    // the line on which a function declaration begins → the first of its comment
	names  map[int]string // each line of a function declaration → its name, with the package
}

// Func returns the name of the function declaration around a line, with that of the
// package; "" if there is none.
func (s *Source) Func(line int) string { return s.names[line] }

// Source reads the file that a frame names; nil if it cannot be read.
func (r *Report) Source(file string) *Source {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.sources[file]; ok {
		return s
	}
	r.sources[file] = readSource(file)
	return r.sources[file]
}

func readSource(file string) *Source {
	if rest, ok := strings.CutPrefix(file, "$GOROOT"); ok {
		file = filepath.Join(goroot(), rest)
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	s := &syntax{fset: fset, file: f, Source: Source{
		Rare: make(map[int]bool), Params: make(map[int]bool), Notes: make(map[int]string), Funcs: make(map[int]int),
		names: make(map[int]string),
	}}
	for _, group := range f.Comments {
		for _, c := range group.List {
			if text, ok := strings.CutPrefix(c.Text, "//heapvet:"); ok {
				s.Notes[s.line(c.Pos())] = text
			}
		}
	}
	for _, decl := range f.Decls {
		if decl, ok := decl.(*ast.FuncDecl); ok && decl.Body != nil {
			from := s.line(decl.Pos())
			for line := s.line(decl.Type.Func); line <= s.line(decl.End()); line++ {
				s.names[line] = f.Name.Name + "." + funcName(decl)
			}
			s.Funcs[s.line(decl.Type.Func)] = from
			if decl.Doc != nil {
				s.Funcs[s.line(decl.Type.Func)] = s.line(decl.Doc.Pos())
			}
			s.function(decl.Type, decl.Body, nil)
		}
	}
	return &s.Source
}

// goroot returns where the standard library is.
var goroot = sync.OnceValue(func() string {
	if dir := os.Getenv("GOROOT"); dir != "" {
		return dir
	}
	out, _ := exec.Command("go", "env", "GOROOT").Output()
	return strings.TrimSpace(string(out))
})

type syntax struct {
	Source
	fset *token.FileSet
	file *ast.File
}

func (s *syntax) line(pos token.Pos) int { return s.fset.Position(pos).Line }

// funcName returns "F", "T.M" or "(*T).M".
func funcName(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return decl.Name.Name
	}
	t, star := ast.Unparen(decl.Recv.List[0].Type), false
	if p, ok := t.(*ast.StarExpr); ok {
		t, star = ast.Unparen(p.X), true
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	id, ok := t.(*ast.Ident)
	switch {
	case !ok:
		return decl.Name.Name
	case star:
		return "(*" + id.Name + ")." + decl.Name.Name
	}
	return id.Name + "." + decl.Name.Name
}

// function looks at a function whose enclosing functions have the parameters outer.
func (s *syntax) function(typ *ast.FuncType, body *ast.BlockStmt, outer map[string]bool) {
	params := make(map[string]bool)
	for name := range outer {
		params[name] = true
	}
	for _, f := range typ.Params.List {
		for _, id := range f.Names {
			params[id.Name] = true
		}
	}
	var errs bool // the last result is an error
	if res := typ.Results; res != nil && len(res.List) > 0 {
		id, ok := res.List[len(res.List)-1].Type.(*ast.Ident)
		errs = ok && id.Name == "error"
	}
	mark := func(n ast.Node) {
		for line := s.line(n.Pos()); line <= s.line(n.End()); line++ {
			s.Rare[line] = true
		}
	}
	block := func(list []ast.Stmt, bodies ...bool) {
		for _, stmt := range list {
			if s.fails(stmt, errs) {
				mark(stmt)
			}
		}
		if len(bodies) == 0 && len(list) > 0 && s.fails(list[len(list)-1], errs) {
			for _, stmt := range list {
				mark(stmt)
			}
		}
	}
	block(body.List, true)
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			s.function(n.Type, n.Body, params)
			return false
		case *ast.BlockStmt:
			if n != body {
				block(n.List)
			}
		case *ast.CaseClause:
			block(n.Body)
		case *ast.CommClause:
			block(n.Body)
		case *ast.IfStmt:
			if isErrNotNil(n.Cond) {
				for _, stmt := range n.Body.List {
					mark(stmt)
				}
			}
		case *ast.CallExpr:
			line := s.line(n.Lparen)
			id, ok := ast.Unparen(n.Fun).(*ast.Ident)
			switch {
			case ok && params[id.Name]:
				if _, seen := s.Params[line]; !seen {
					s.Params[line] = true
				}
			case !ok:
				s.Params[line] = false // a method, perhaps of an interface
			}
		}
		return true
	})
}

// fails reports whether the statement panics, ends the program or returns an error
// made on the spot.
func (s *syntax) fails(stmt ast.Stmt, errs bool) bool {
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		call, ok := stmt.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		if id, ok := call.Fun.(*ast.Ident); ok {
			return id.Name == "panic"
		}
		return s.calls(call, "os", "Exit") || s.calls(call, "log", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln")
	case *ast.ReturnStmt:
		if !errs || len(stmt.Results) == 0 {
			return false
		}
		switch e := ast.Unparen(stmt.Results[len(stmt.Results)-1]).(type) {
		case *ast.UnaryExpr:
			_, ok := e.X.(*ast.CompositeLit)
			return ok
		case *ast.CompositeLit:
			return true
		case *ast.CallExpr:
			if id, ok := e.Fun.(*ast.Ident); ok {
				// Without types, only a name tells a function that makes an error.
				return strings.HasSuffix(id.Name, "Error") || strings.HasSuffix(id.Name, "Err")
			}
			return s.calls(e, "fmt", "Errorf") || s.calls(e, "errors", "New")
		}
	}
	return false
}

// calls reports whether the call is of one of the functions of a package.
func (s *syntax) calls(call *ast.CallExpr, path string, names ...string) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	if !ok {
		return false
	}
	for _, spec := range s.file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		name := imported[strings.LastIndex(imported, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if imported == path && name == pkg.Name {
			for _, n := range names {
				if sel.Sel.Name == n {
					return true
				}
			}
		}
	}
	return false
}

// isErrNotNil reports whether cond is "err != nil". Types are not at hand.
func isErrNotNil(cond ast.Expr) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || b.Op != token.NEQ {
		return false
	}
	x, ok := b.X.(*ast.Ident)
	y, ok2 := b.Y.(*ast.Ident)
	return ok && ok2 && x.Name == "err" && y.Name == "nil"
}
