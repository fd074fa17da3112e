package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// An assumption is one comment that takes for granted that something does not allocate.
type assumption struct {
	File   string `json:"file"` // relative to the current directory
	Line   int    `json:"line"`
	Func   string `json:"func"`   // the function that it is in or about
	Reason string `json:"reason"` // "": the comment has none, and so is of no effect
}

const assumeDirective = "//heapvet:assume-noalloc"

// listAssumptions is heapvet list -assumptions [packages].
func listAssumptions(c *command, ctx context.Context, args []string) (int, error) {
	asJSON := false
	patterns := slices.DeleteFunc(slices.Clone(args), func(arg string) bool {
		is := strings.TrimLeft(arg, "-") == "json" && strings.HasPrefix(arg, "-")
		asJSON = asJSON || is
		return is
	})
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	files, err := goFiles(ctx, patterns)
	if err != nil {
		return 0, err
	}
	wd, err := os.Getwd()
	if err != nil {
		return 0, err
	}
	list := []assumption{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(data), assumeDirective) {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, data, parser.ParseComments|parser.SkipObjectResolution)
		if f == nil {
			return 0, err
		}
		if rel, err := filepath.Rel(wd, file); err == nil {
			file = filepath.ToSlash(rel)
		}
		for _, group := range f.Comments {
			for _, comment := range group.List {
				if reason, ok := strings.CutPrefix(comment.Text, assumeDirective); ok {
					list = append(list, assumption{file, fset.Position(comment.Pos()).Line, funcAround(f, comment.Pos()), strings.TrimSpace(reason)})
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b assumption) int { return cmp.Or(cmp.Compare(a.File, b.File), a.Line-b.Line) })
	if asJSON {
		enc := json.NewEncoder(c.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "\t")
		return exitClean, enc.Encode(list)
	}
	s := styleFor(c.stdout)
	for _, a := range list {
		fmt.Fprintf(c.stdout, "%s %s: %s\n", s.bold(fmt.Sprintf("%s:%d:", a.File, a.Line)), a.Func, cmp.Or(a.Reason, s.bad("no reason given: of no effect")))
	}
	return exitClean, nil
}

// funcAround returns the function declaration that pos is in, or in the comment of.
func funcAround(f *ast.File, pos token.Pos) string {
	for _, decl := range f.Decls {
		decl, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		from := decl.Pos()
		if decl.Doc != nil {
			from = decl.Doc.Pos()
		}
		if from <= pos && pos < decl.End() {
			return decl.Name.Name
		}
	}
	return "package " + f.Name.Name
}

// goFiles returns the Go files, tests too, of the packages that the patterns name.
func goFiles(ctx context.Context, patterns []string) (files []string, err error) {
	out, err := goOutput(ctx, slices.Concat([]string{"list", "-e", "-f",
		`{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{range .CgoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{range .TestGoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{range .XTestGoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}`,
		"--"}, patterns)...)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(out)) {
		files = append(files, strings.TrimSuffix(line, "\n"))
	}
	return files, nil
}
