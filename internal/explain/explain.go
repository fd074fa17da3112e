// Package explain says in words what the compiler decided about a line of source.
package explain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/evidence/alloc"
	"github.com/heapvet/heapvet/evidence/escape"
)

// Line returns a sentence for each thing on a line of a file that the compiler
// decided about, whether a check has something to say about it or not, and below it,
// behind a tab, the way to the heap. It fails if the file does not compile or belongs
// to no package.
func Line(ctx context.Context, file string, line int) ([]string, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	pkg, err := packageOf(ctx, file)
	if err != nil {
		return nil, err
	}
	var lines []string
	explainer := &analysis.Analyzer{
		Name:     "explainline",
		Doc:      "tells what the compiler decided about a line",
		Requires: []*analysis.Analyzer{escape.Analyzer, alloc.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			report, code := escape.Of(pass), alloc.Of(pass)
			code.Known() // first, so that the compiler runs once
			if !report.Known() {
				return nil, fmt.Errorf("the compiler's decisions are not to be had: %s", report.Why())
			}
			lines = decisions(pass, report, code, file, line)
			return nil, nil
		},
	}
	graph, err := checker.Analyze(escape.With(escape.GoList{PerPackage: true}, explainer), []*packages.Package{pkg}, nil)
	if err != nil {
		return nil, err
	}
	for _, root := range graph.Roots {
		if root.Err != nil {
			return nil, root.Err
		}
	}
	if len(lines) == 0 {
		lines = []string{"the compiler says nothing of an allocation on this line; what the functions that it calls allocate is said where they are"}
	}
	return lines, nil
}

// packageOf loads the package that a file belongs to, with its tests if it is one.
func packageOf(ctx context.Context, file string) (*packages.Package, error) {
	pkgs, err := packages.Load(&packages.Config{
		Context: ctx,
		Mode:    packages.LoadSyntax | packages.NeedModule,
		Dir:     filepath.Dir(file),
		Tests:   strings.HasSuffix(file, "_test.go"),
	}, "file="+file)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, err
	}
	for _, pkg := range pkgs {
		if !slices.ContainsFunc(pkg.CompiledGoFiles, func(name string) bool { return sameFile(name, file) }) {
			continue
		}
		if len(pkg.Errors) > 0 {
			return nil, fmt.Errorf("%s does not compile: %v", pkg.PkgPath, pkg.Errors[0])
		}
		return pkg, nil
	}
	return nil, errors.New(file + " belongs to no package here: build tags may leave it out")
}

// decisions returns the sentences of Line, in the order of the source.
func decisions(pass *analysis.Pass, report *escape.Report, code *alloc.Report, file string, line int) (lines []string) {
	type thing struct {
		pos  token.Pos
		expr string
	}
	by := make(map[thing]ast.Node) // several nodes may have one place
	say := func(pos token.Pos, text string) {
		lines = append(lines, fmt.Sprintf("%d:%d: %s", line, pass.Fset.Position(pos).Column, text))
	}
	for n := range nodesOn(pass, file, line) {
		pos, onHeap := escape.Pos(n), false
		for _, site := range report.Sites(n) {
			key := thing{pos, site.Expr}
			if by[key] == nil {
				by[key] = n
			} else if by[key] != n {
				continue
			}
			onHeap = onHeap || site.Verdict == escape.Heap
			say(pos, cmp.Or(site.Explain(), site.Expr+" is not on the heap"))
			for _, step := range report.Related(site) {
				at := pass.Fset.Position(step.Pos)
				lines = append(lines, fmt.Sprintf("\t%s:%d:%d: %s", filepath.Base(at.Filename), at.Line, at.Column, step.Message))
			}
		}
		answer := code.At(n)
		if onHeap || len(answer.Calls) == 0 {
			continue
		}
		switch kind := answer.Calls[0].Kind; {
		case answer.Verdict == alloc.Confirmed:
			say(pos, fmt.Sprintf("this allocates %s", kind))
		case answer.Over > 0:
			say(pos, fmt.Sprintf("this allocates %s if it is longer than %d", kind, answer.Over))
		case answer.Verdict == alloc.Conditional:
			say(pos, fmt.Sprintf("this allocates %s if there is no room", kind))
		}
	}
	return lines
}

// nodesOn returns the nodes that the compiler places on a line, outer ones first.
func nodesOn(pass *analysis.Pass, file string, line int) iter.Seq[ast.Node] {
	return func(yield func(ast.Node) bool) {
		for _, f := range pass.Files {
			tokens := pass.Fset.File(f.FileStart)
			if !sameFile(tokens.Name(), file) || line > tokens.LineCount() {
				continue
			}
			more := true
			ast.Inspect(f, func(n ast.Node) bool {
				if !more || n == nil || tokens.Line(n.Pos()) > line || tokens.Line(n.End()) < line {
					return false
				}
				if pos := escape.Pos(n); pos.IsValid() && tokens.Line(pos) == line {
					more = yield(n)
				}
				return more
			})
		}
	}
}

// sameFile reports whether two paths name one file, through links too.
func sameFile(a, b string) bool {
	if a == b {
		return true
	}
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
