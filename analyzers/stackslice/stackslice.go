package stackslice

import (
	_ "embed"
	"fmt"
	"go/ast"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
)

//go:embed doc.go
var doc string

// The categories of findings.
const (
	dangling    = "dangling"
	overwritten = "overwritten"
)

// Analyzer is the check with default options.
var Analyzer = New()

// Check is what drivers and documentation need beyond the analyzer.
var Check = lint.Check{
	New:      New,
	Group:    lint.Allocation,
	Stage:    lint.On,
	Since:    "v0.2.0",
	Fix:      lint.SomeSafe,
	Evidence: lint.Compiler,
	Categories: []lint.Category{
		{Name: dangling, Title: "pointer into a slice that the compiler moves away from under it"},
		{Name: overwritten, Title: "slice that a loop ranges over while the compiler reuses its array"},
	},
}

// New returns a fresh instance.
func New() *analysis.Analyzer {
	c := new(checker)
	a := &analysis.Analyzer{
		Name:     "stackslice",
		Doc:      lint.Doc(doc, "stackslice"),
		URL:      lint.URL("stackslice"),
		Requires: []*analysis.Analyzer{inspect.Analyzer, escape.Analyzer},
		Run:      c.run,
	}
	a.Flags.StringVar(&c.release, "release", "", "judge the code as `release` of Go would compile it (go1.26.8), instead of the one in use")
	return lint.New(a)
}

type checker struct{ release string }

// The elements of a slice that begins on the stack take at most this many bytes.
const maxElem = 32

func (c *checker) run(p *analysis.Pass) (any, error) {
	root := p.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	for cur := range root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		fn := newFunction(p, cur)
		for _, s := range fn.slices {
			c.slice(p, fn, s)
		}
	}
	return nil, nil
}

// slice reports what goes wrong with one variable, if the compiler in use is one that
// has the mistake.
func (c *checker) slice(p *analysis.Pass, fn *function, s *slice) {
	pointers, loops := fn.pointers(s), fn.reused(s)
	if len(pointers) == 0 && len(loops) == 0 {
		return
	}
	release := c.release
	if release == "" {
		release = escape.Of(p).Release()
	}
	for _, ptr := range pointers {
		if !affected(release, dangling) || !s.begins(release) {
			break
		}
		d := analysis.Diagnostic{
			Pos: ptr.expr.Pos(), End: ptr.expr.End(), Category: dangling,
			Message: fmt.Sprintf("%s dangles: %s puts the array of %s on the stack and later moves it away (Go 1.26.0 to 1.26.8, 1.27.0 and 1.27.1, golang/go#81612); take the address of the element first, or make %[3]s with room",
				lint.Text(ptr.expr), release, s.v.Name()),
			Related: []analysis.RelatedInformation{
				{Pos: s.moved.Pos(), End: s.moved.End(), Message: s.v.Name() + " is moved to the heap here"},
				{Pos: ptr.kept.Pos(), End: ptr.kept.End(), Message: "the pointer lives on here"},
			},
		}
		if ptr.field != nil {
			d.SuggestedFixes = []analysis.SuggestedFix{{
				Message: "take the address of the element first",
				TextEdits: []analysis.TextEdit{
					{Pos: ptr.element.Pos(), End: ptr.element.Pos(), NewText: []byte("(&")},
					{Pos: ptr.element.End(), End: ptr.element.End(), NewText: []byte(")")},
				},
			}}
		}
		p.Report(d)
	}
	for _, loop := range loops {
		if !affected(release, overwritten) || !s.begins(release) {
			break
		}
		p.Report(analysis.Diagnostic{
			Pos: loop.stmt.X.Pos(), End: loop.stmt.X.End(), Category: overwritten,
			Message: fmt.Sprintf("the elements of %s that this loop has yet to visit are overwritten: %s lets append begin anew in the same array on the stack (Go 1.26.0 to 1.26.8, golang/go#79909); range over a copy, or append to another variable",
				s.v.Name(), release),
			Related: []analysis.RelatedInformation{{Pos: loop.grows.Pos(), End: loop.grows.End(), Message: s.v.Name() + " is begun anew and grows here"}},
		})
	}
}

// affected reports whether a release of Go has the mistake. Releases that nobody has
// tried are taken as mended.
func affected(release, category string) bool {
	release, _, _ = strings.Cut(release, " ")
	release, _, _ = strings.Cut(release, "-")
	minor, patch := 0, 0
	if n, _ := fmt.Sscanf(release, "go1.%d.%d", &minor, &patch); n == 0 {
		return false
	}
	switch minor {
	case 26:
		return patch <= 8
	case 27:
		return category == dangling && patch <= 1
	}
	return false
}
