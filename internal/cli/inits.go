package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/internal/inittrace"
	"github.com/heapvet/heapvet/lint"
)

const (
	// initCheck is the check that knows what takes long before main begins.
	initCheck = "initwork"
	// traceCheck is the name under which packages are reported that take long to
	// initialize, as a trace of the runtime says, and that the check has no explanation for.
	traceCheck = "inittrace"

	// slowInit is how many milliseconds of a package without an explanation are worth a word.
	slowInit = 1
)

// readInits reads traces of initialization.
func readInits(files []string) ([]inittrace.Init, error) {
	slowest := make(map[string]inittrace.Init)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("-inittrace: %w", err)
		}
		found, err := inittrace.Parse(data)
		if err != nil {
			if errors.Is(err, inittrace.ErrNoTrace) {
				err = fmt.Errorf("%w; heapvet help inittrace tells how to get one", err)
			}
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, i := range found {
			if old, ok := slowest[i.Package]; !ok || i.Millis > old.Millis {
				slowest[i.Package] = i
			}
		}
	}
	return slices.SortedFunc(maps.Values(slowest), func(a, b inittrace.Init) int {
		return cmp.Or(cmp.Compare(b.Millis, a.Millis), cmp.Compare(a.Package, b.Package))
	}), nil
}

// joinInits marks the findings of the check with what the trace says of their packages,
// adds those of medium confidence where it has no others, and the slow packages that
// nothing explains.
func (a *analysis) joinInits(ctx context.Context, e *engine, found *result) error {
	tree, err := listTree(ctx, e.build, a.patterns)
	if err != nil {
		return err
	}
	local := make(map[string]inittrace.Init) // by directory
	for _, i := range a.inits {
		dir := tree.dirs[i.Package]
		if i.Package == "main" && len(tree.main) == 1 {
			dir = tree.main[0].dir
		}
		if dir != "" {
			local[dir] = i
		}
	}
	explained := make(map[string]bool)
	mark := func(findings []*finding) (marked []*finding) {
		for _, f := range findings {
			dir := filepath.Dir(realPath(f.Pos.File))
			if i, ok := local[dir]; ok && f.Check == initCheck {
				f.InitMillis, f.init = i.Millis, &i
				explained[dir] = true
				marked = append(marked, f)
			}
		}
		return marked
	}
	mark(slices.Concat(found.Findings, found.Suppressed))

	var again []string
	for path, dir := range tree.dirs {
		if i, ok := local[dir]; ok && i.Millis >= slowInit && !explained[dir] {
			again = append(again, path)
		}
	}
	slices.Sort(again)
	if len(again) > 0 && !a.all {
		second := *e
		second.tool = []string{"-" + lint.FlagSuppressed, "-" + lint.FlagAll, "-" + initCheck}
		second.scope = a.env.scope(a.dir, again)
		more, err := second.vet(ctx, again)
		if err != nil {
			return err
		}
		found.Findings = append(found.Findings, mark(more.Findings)...)
		mark(more.Suppressed)
	}
	for _, path := range again {
		if dir := tree.dirs[path]; !explained[dir] {
			found.Findings = append(found.Findings, a.unexplainedInit(path, dir, local[dir]))
		}
	}
	a.noteInits(local)
	return nil
}

// unexplainedInit makes a finding of a slow package that no other finding explains.
func (a *analysis) unexplainedInit(path, dir string, i inittrace.Init) *finding {
	d := diagnostic{
		Message:    "the initialization of package " + path + " takes long, and no check knows why",
		InitMillis: i.Millis,
	}
	d.Posn, d.End = wholeLine(a.sources, firstInit(dir))
	f := newFinding(path, traceCheck, d)
	f.init = &i
	return f
}

// firstInit returns the position of the first init function of a package, or else that of
// the first variable with a value, or of the package clause of a file.
func firstInit(dir string) position {
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	var best position
	rank := 3
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		note := func(n ast.Node, r int) {
			if r < rank {
				rank, best = r, position{name, fset.Position(n.Pos()).Line, 0}
			}
		}
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Name.Name == "init" && decl.Recv == nil {
					note(decl, 0)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if v, ok := spec.(*ast.ValueSpec); ok && decl.Tok == token.VAR && len(v.Values) > 0 {
						note(v, 1)
					}
				}
			}
		}
		note(file, 2)
	}
	return best
}

// noteInits tells what of the trace is not to be seen among the findings.
func (a *analysis) noteInits(local map[string]inittrace.Init) {
	here := make(map[string]bool)
	var all, mine float64
	for _, i := range local {
		here[i.Package] = true
		mine += i.Millis
	}
	var away []string
	for _, i := range a.inits {
		all += i.Millis
		if !here[i.Package] && i.Millis >= slowInit && len(away) < 3 {
			away = append(away, fmt.Sprintf("%s %s", i.Package, millis(i.Millis)))
		}
	}
	switch note := fmt.Sprintf("initialization takes %s, says the trace", millis(all)); {
	case len(here) == 0:
		a.notes = append(a.notes, note+", and none of it is of the packages analysed: is it a trace of this module?")
	case len(away) > 0:
		a.notes = append(a.notes, note+", "+millis(mine)+" of it in the packages analysed; the slowest others: "+strings.Join(away, ", "))
	default:
		a.notes = append(a.notes, note+", "+millis(mine)+" of it in the packages analysed")
	}
}

func millis(ms float64) string { return fmt.Sprintf("%.3g ms", ms) }

// measured says what the trace adds to the message of a finding.
func (f *finding) measured() string {
	if f.init == nil {
		return ""
	}
	return fmt.Sprintf("measured: package %s takes %s, %s in %s", f.init.Package, millis(f.init.Millis),
		plural(int(f.init.Bytes), "byte"), plural(int(f.init.Allocs), "allocation"))
}
