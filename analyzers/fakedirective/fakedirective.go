package fakedirective

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// Analyzer is the check with default options.
var Analyzer = New()

// New returns a fresh instance, so that hosts and tests may set flags independently.
func New() *analysis.Analyzer {
	return lint.New(&analysis.Analyzer{
		Name: "fakedirective",
		Doc:  lint.Doc(doc, "fakedirective"),
		URL:  lint.URL("fakedirective"),
		Run:  run,
	})
}

// Check is what drivers and documentation need beyond the analyzer itself.
var Check = lint.Check{
	New:      New,
	Group:    lint.Runtime,
	Stage:    lint.On,
	Since:    "v0.3.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Types,
	Categories: []lint.Category{
		{Name: unknown, Title: "a name that no tool of Go knows as a directive"},
		{Name: spaced, Title: "a space turns a directive into an ordinary comment"},
		{Name: misplaced, Title: "a directive in a form or place that its tool does not read"},
	},
}

const (
	unknown   = "unknown"
	spaced    = "spaced"
	misplaced = "misplaced"
)

func run(pass *analysis.Pass) (any, error) {
	for _, file := range pass.Files {
		f := &finder{pass: pass, file: file}
		for _, group := range file.Comments {
			for i, c := range group.List {
				if d, ok := parse(c.Text); ok {
					f.judge(group, i, d)
				}
			}
		}
	}
	return nil, nil
}

// A directive is a comment that looks like one.
type directive struct {
	space string // the tool: "go" or "heapvet"
	name  string // as its reader sees it
	args  string

	block  bool // in /* */
	spaced bool // with a space before the name, so that it is none
	tab    bool // with a tab behind the name
}

func (d directive) String() string { return "//" + d.space + ":" + d.name }

// parse takes a comment apart. It returns false if the comment does not look like a
// directive of Go's tools or heapvet's.
func parse(text string) (d directive, ok bool) {
	body, isLine := strings.CutPrefix(text, "//")
	if !isLine {
		body = strings.TrimSuffix(strings.TrimPrefix(text, "/*"), "*/")
		if strings.Contains(body, "\n") {
			return d, false
		}
		d.block = true
	}
	trimmed := strings.TrimLeft(body, " \t")
	d.spaced = len(trimmed) < len(body)
	space, rest, found := strings.Cut(trimmed, ":")
	if !found || space != "go" && space != "heapvet" {
		return d, false
	}
	d.space = space
	if name := strings.TrimLeft(rest, " \t"); len(name) < len(rest) {
		d.spaced, rest = true, name
	}
	d.name, d.args, _ = strings.Cut(rest, " ")
	if before, after, tab := strings.Cut(d.name, "\t"); tab {
		d.name, d.args, d.tab = before, after+" "+d.args, true
	}
	d.args = strings.TrimSpace(d.args)
	return d, d.name != ""
}

// finder is the check of one file.
type finder struct {
	pass *analysis.Pass
	file *ast.File

	decls map[*ast.CommentGroup]ast.Node // what a comment documents
	tiny  *bool
}

// judge reports the i-th comment of the group if it is a directive that does nothing.
func (f *finder) judge(group *ast.CommentGroup, i int, d directive) {
	c := group.List[i]
	known, real := lookup(d.space, d.name)
	switch {
	case !real && !d.spaced && !d.block:
		f.unknown(group, i, d)
	case !real:
		// Prose, or the comment of another tool.
	case d.spaced || d.block:
		if !f.wouldWork(group, c, d, known) {
			return
		}
		if d.spaced && !d.block {
			f.report(c, spaced, fmt.Sprintf("%s is an ordinary comment because of its space: %s; write %s", strings.TrimSpace(c.Text), f.effect(group, known), d))
		} else {
			f.report(c, misplaced, fmt.Sprintf("a directive is read from a // comment only: %s; write %s", f.effect(group, known), d))
		}
	case d.tab && known.place == function && f.wouldWork(group, c, d, known):
		f.report(c, spaced, fmt.Sprintf("%s ends at a space, not at a tab: %s", d, f.effect(group, known)))
	case d.name == "generate" && d.args != "" && f.pass.Fset.PositionFor(c.Pos(), false).Column > 1:
		f.report(c, misplaced, "go generate reads only lines that begin with //go:generate, and skips this one, which is indented")
	}
}

// unknown reports a directive of a name that nobody reads.
func (f *finder) unknown(group *ast.CommentGroup, i int, d directive) {
	c := group.List[i]
	if d.space == "go" && (foreign[d.name] || strings.HasPrefix(d.name, "cgo_") || d.name == "inline" && f.tinyGo()) {
		return
	}
	near := nearest(d.space, d.name)
	if near == "" && (f.declOf(group) == nil || !isWord(d.name)) {
		return // perhaps an example in prose
	}
	reader := "no tool of Go knows"
	if d.space == "heapvet" {
		reader = "heapvet does not know"
	}
	message := fmt.Sprintf("%s is ignored: %s a directive of this name", d, reader)
	switch {
	case near != "":
		message += "; did you mean //" + d.space + ":" + near + "?"
	case strings.Contains(d.name, "inline"):
		message += "; the compiler inlines what is small enough, as -gcflags=-m shows, and nothing forces it to"
	default:
		message += "; delete it"
	}
	diag := analysis.Diagnostic{Pos: c.Pos(), End: c.End(), Category: unknown, Message: message}
	if near == "" {
		diag.SuggestedFixes = []analysis.SuggestedFix{{
			Message:   "Delete the comment",
			TextEdits: []analysis.TextEdit{f.deletion(group, i)},
		}}
	}
	f.pass.Report(diag)
}

func (f *finder) report(c *ast.Comment, category, message string) {
	f.pass.Report(analysis.Diagnostic{Pos: c.Pos(), End: c.End(), Category: category, Message: message})
}

// deletion removes the i-th comment of a group together with its line, which it has
// for itself: the compiler refuses directives behind code. A line without text that
// only set it off from the prose before goes as well.
func (f *finder) deletion(group *ast.CommentGroup, i int) analysis.TextEdit {
	first := i
	if i == len(group.List)-1 && i > 0 && group.List[i-1].Text == "//" {
		first--
	}
	tf := f.pass.Fset.File(f.file.FileStart)
	from, to := tf.Line(group.List[first].Pos()), tf.Line(group.List[i].End())
	end := token.Pos(tf.Base() + tf.Size())
	if to < tf.LineCount() {
		end = tf.LineStart(to + 1)
	}
	return analysis.TextEdit{Pos: tf.LineStart(from), End: end}
}

// declOf returns what the comment documents: a declaration, a spec, a field or the
// file itself. It returns nil for a comment that stands alone or in a function.
func (f *finder) declOf(group *ast.CommentGroup) ast.Node {
	if f.decls == nil {
		f.decls = make(map[*ast.CommentGroup]ast.Node)
		note := func(doc *ast.CommentGroup, n ast.Node) {
			if doc != nil {
				f.decls[doc] = n
			}
		}
		for _, decl := range f.file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				note(decl.Doc, decl)
			case *ast.GenDecl:
				note(decl.Doc, decl)
				for _, spec := range decl.Specs {
					switch spec := spec.(type) {
					case *ast.ValueSpec:
						note(spec.Doc, spec)
					case *ast.TypeSpec:
						note(spec.Doc, spec)
						if s, ok := spec.Type.(*ast.StructType); ok {
							for _, field := range s.Fields.List {
								note(field.Doc, field)
							}
						}
					}
				}
			}
		}
	}
	if n := f.decls[group]; n != nil {
		return n
	}
	return f.below(group)
}

// below returns the function that begins below the group, which a blank line keeps from
// being its documentation: the compiler reads such directives, too.
func (f *finder) below(group *ast.CommentGroup) ast.Node {
	line := f.pass.Fset.PositionFor(group.End(), false).Line
	for _, decl := range f.file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || decl.Pos() < group.End() {
			continue
		}
		start := fn.Pos()
		if fn.Doc != nil {
			start = fn.Doc.Pos()
		}
		if f.pass.Fset.PositionFor(start, false).Line == line+2 {
			return fn
		}
		break
	}
	return nil
}
