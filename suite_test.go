package heapvet_test

import (
	"bytes"
	"encoding/gob"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/suite/vet"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet"
	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/internal/fixture"
	"github.com/heapvet/heapvet/lint"
)

// The laws that every check obeys. A check that breaks one is not finished.

// onByDefault lists the checks that strangers see. A name gets here after its
// findings on real code were read; docs/precision.md has the tally.
var onByDefault = []string{"badcap", "ctxgrows", "ctxlost", "ctxvalue", "deferloop", "dirtypool", "fakedirective", "gcmisuse", "hotescape", "lostbody", "lostclose", "lostgoroutine", "losttimer", "noalloc", "nodeadline", "poolalias", "prealloc", "rebuilt", "stackslice", "stucklock", "unsafealias", "wastedpool"}

// taken are the names that users already know as other linters' names.
// The catalogue keeps prealloc on purpose: it answers to that linter's
// suppression comments, and replaces it.
var taken = []string{"asasalint", "bodyclose", "containedctx", "contextcheck", "copyloopvar", "durationcheck", "errcheck",
	"fatcontext", "forcetypeassert", "gochecknoinits", "gocritic", "goleak", "gosec", "govet", "ineffassign", "makezero", "mirror",
	"modernize", "nilaway", "nilerr", "nilnil", "noctx", "nolintlint", "perfsprint", "revive", "rowserrcheck", "sloglint", "spancheck",
	"sqlclosecheck", "staticcheck", "unconvert", "unparam", "unused", "usetesting", "wastedassign"}

// ownChecks returns the checks that are not adopted.
func ownChecks() (own []lint.Check) {
	for _, c := range heapvet.Suite {
		if c.Origin == "" {
			own = append(own, c)
		}
	}
	return own
}

func TestEveryFolderIsInTheSuite(t *testing.T) {
	entries, err := os.ReadDir("analyzers")
	if err != nil {
		t.Fatal(err)
	}
	var folders, names []string
	for _, e := range entries {
		folders = append(folders, e.Name())
	}
	for _, c := range ownChecks() {
		names = append(names, c.New().Name)
	}
	slices.Sort(names)
	if !slices.Equal(folders, names) {
		t.Errorf("folders of analyzers: %q\nchecks of the suite:   %q", folders, names)
	}
}

func TestNamesAreFree(t *testing.T) {
	known := slices.Clone(taken)
	for _, a := range vet.Suite {
		known = append(known, a.Name)
	}
	for _, c := range ownChecks() {
		if name := c.New().Name; slices.Contains(known, name) {
			t.Errorf("%s is the name of a linter that users know already", name)
		}
	}
}

func TestMetadata(t *testing.T) {
	kebab := regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)*$`)
	for _, c := range heapvet.Suite {
		a := c.New()
		if c.Group == "" || c.Stage == "" || c.Since == "" || c.Fix == "" || c.Evidence == "" {
			t.Errorf("%s: metadata is not complete: %+v", a.Name, c)
		}
		if a.URL == "" || a.Doc == "" {
			t.Errorf("%s has no URL or no documentation", a.Name)
		}
		if c.Origin != "" {
			continue
		}
		if (c.Stage == lint.On) != slices.Contains(onByDefault, a.Name) {
			t.Errorf("%s has stage %s: what is on by default stands in a list, after its findings were read", a.Name, c.Stage)
		}
		if len(c.Categories) == 0 {
			t.Errorf("%s has no categories", a.Name)
		}
		for _, cat := range c.Categories {
			if !kebab.MatchString(cat.Name) || cat.Title == "" || len(cat.Title) > 80 || strings.HasSuffix(cat.Title, ".") {
				t.Errorf("%s: category %+v: want a kebab-case name and a title of one line with no period", a.Name, cat)
			}
		}
	}
	if err := analysis.Validate(heapvet.Analyzers()); err != nil {
		t.Error(err)
	}
}

func TestInstancesAreIndependent(t *testing.T) {
	for _, c := range heapvet.Suite {
		if one, two := c.New(), c.New(); one == two {
			t.Errorf("%s: New returns the same instance twice", c.New().Name)
		}
	}
}

func TestDocumentation(t *testing.T) {
	for _, c := range ownChecks() {
		a := c.New()
		summary, body, _ := strings.Cut(a.Doc, "\n")
		if len(summary) > 60 || strings.HasSuffix(summary, ".") || !unicode.IsLower([]rune(summary)[0]) {
			t.Errorf("%s: summary %q: want at most 60 characters, lower case, no period", a.Name, summary)
		}
		for _, part := range []string{`\n\t`, `[Nn]ot reported`, `//nolint:` + a.Name} {
			if !regexp.MustCompile(part).MatchString(body) {
				t.Errorf("%s: the documentation has no %q: it needs an example, what is not reported, and how to silence it", a.Name, part)
			}
		}
	}
}

// TestExamplesAreFixtures requires every code block of a doc.go to be part of the
// fixture testdata/src/doc, which the check's own test compiles and asserts.
func TestExamplesAreFixtures(t *testing.T) {
	for _, c := range ownChecks() {
		name := c.New().Name
		var fixture strings.Builder
		paths, _ := filepath.Glob("analyzers/" + name + "/testdata/src/doc/*.go")
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			fixture.WriteString("\n" + normalize(string(text)) + "\n")
		}
		text, err := os.ReadFile("analyzers/" + name + "/doc.go")
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		blocks := regexp.MustCompile(`(?m)(^\t.*\n)+`).FindAllString(f.Doc.Text(), -1)
		if len(blocks) == 0 {
			t.Errorf("%s: doc.go has no examples", name)
		}
		for _, block := range blocks {
			if strings.Contains(block, "//nolint") || strings.Contains(block, "//lint:ignore") || strings.Contains(block, "//heapvet:") {
				continue // shows a comment, not code
			}
			if !strings.Contains(fixture.String(), "\n"+normalize(block)+"\n") {
				t.Errorf("%s: this example of doc.go is not in testdata/src/doc:\n%s", name, block)
			}
		}
	}
}

// normalize drops indentation and comments of code.
func normalize(code string) string {
	var lines []string
	for line := range strings.Lines(code) {
		line, _, _ = strings.Cut(" "+strings.TrimSpace(line), " //")
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// TestImports enforces the one direction of imports, and that checks neither
// touch the machine nor keep state.
func TestImports(t *testing.T) {
	const module = "github.com/heapvet/heapvet"
	may := map[string][]string{ // tree → own packages that it may import
		"lint":      {},
		"evidence":  {"lint", "evidence"},
		"analyzers": {"lint", "evidence"},
	}
	forbidden := []string{"os", "os/exec", "log"}
	for tree, allowed := range may {
		err := filepath.WalkDir(tree, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() && d.Name() == "testdata" {
				return cmpOr(err, filepath.SkipDir)
			}
			if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			for _, spec := range f.Imports {
				imp, _ := strconv.Unquote(spec.Path.Value)
				if rel, ours := strings.CutPrefix(imp, module+"/"); ours {
					top, _, _ := strings.Cut(rel, "/")
					if !slices.Contains(allowed, top) {
						t.Errorf("%s imports %s: %s may only import %q", path, rel, tree, allowed)
					}
				} else if tree == "analyzers" && slices.Contains(forbidden, imp) {
					t.Errorf("%s imports %s: a check does not touch the machine", path, imp)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func cmpOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// TestNoState: hosts run several instances of a check at once, so its packages
// have no init function and write no package variable.
func TestNoState(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile},
		"./analyzers/...", "./evidence/...", "./lint")
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		isGlobal := func(e ast.Expr) bool {
			id, ok := ast.Unparen(e).(*ast.Ident)
			v, isVar := pkg.TypesInfo.Uses[id].(*types.Var)
			return ok && isVar && v.Parent() == pkg.Types.Scope()
		}
		for _, file := range pkg.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				pos := pkg.Fset.Position(token.NoPos)
				if n != nil {
					pos = pkg.Fset.Position(n.Pos())
				}
				switch n := n.(type) {
				case *ast.FuncDecl:
					if n.Name.Name == "init" && n.Recv == nil {
						t.Errorf("%s: init function", pos)
					}
				case *ast.AssignStmt:
					if slices.ContainsFunc(n.Lhs, isGlobal) {
						t.Errorf("%s: package variable is written", pos)
					}
				case *ast.IncDecStmt:
					if isGlobal(n.X) {
						t.Errorf("%s: package variable is written", pos)
					}
				}
				return true
			})
		}
	}
}

// TestFixtures runs every check over its own fixtures with and without the
// compiler's evidence and judges the form of what it says.
func TestFixtures(t *testing.T) {
	if testing.Short() {
		t.Skip("loads all fixtures")
	}
	for _, c := range ownChecks() {
		t.Run(c.New().Name, func(t *testing.T) {
			dir, err := filepath.Abs("analyzers/" + c.New().Name + "/testdata")
			if err != nil {
				t.Fatal(err)
			}
			pkgs := fixture.Load(t, dir)
			full := analyze(t, pkgs, c.New())
			names := namesOf(pkgs)
			for _, d := range full.diagnostics {
				judge(t, c, d, names)
			}
			for fact, size := range full.factBytes {
				if size > maxFactBytes {
					t.Errorf("the facts %s of one package take %d bytes, want at most %d: every importer reads them", fact, size, maxFactBytes)
				}
			}
			// Less evidence, fewer reports: never one that the compiler would have refuted.
			blind := analyze(t, pkgs, escape.With(nil, c.New())...)
			for d := range blind.diagnostics {
				if _, ok := full.diagnostics[d]; !ok {
					t.Errorf("reported only without the compiler's evidence: %s", d)
				}
			}
			if slices.Contains(c.New().Requires, escape.Analyzer) && len(blind.diagnostics) == len(full.diagnostics) {
				t.Errorf("without the compiler's evidence the check reports as much as with it")
			}
		})
	}
}

// TestLazy: the compiler is the dearest evidence, so a package that has nothing to
// ask about never starts it.
func TestLazy(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "src", "plain", "plain.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	const text = `package plain

import (
	"context"
	"sync"
)

type Counter struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *Counter) Add(ctx context.Context, names ...string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range names {
		c.n[name]++
	}
	return ctx.Err()
}
`
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	pkgs := fixture.Load(t, dir)
	for _, c := range ownChecks() {
		asked := new(asking)
		analyze(t, pkgs, escape.With(asked, c.New())...)
		if asked.times > 0 {
			t.Errorf("%s asks the compiler about a package without candidates", c.New().Name)
		}
	}
}

// asking is a source that only counts how often it is asked.
type asking struct{ times int }

func (a *asking) Load(*analysis.Pass) (*escape.Output, error) {
	a.times++
	return nil, errors.New("no compiler in this test")
}

// maxFactBytes bounds what one package of the fixtures hands to its importers per check.
const maxFactBytes = 4 << 10

type analyzed struct {
	diagnostics map[string]analysis.Diagnostic // position and message → diagnostic
	factBytes   map[string]int                 // package → bytes of gob
}

func analyze(t *testing.T, pkgs []*packages.Package, as ...*analysis.Analyzer) analyzed {
	t.Helper()
	// SanityCheck sends every fact through gob.
	graph, err := checker.Analyze(as, pkgs, &checker.Options{SanityCheck: true})
	if err != nil {
		t.Fatal(err)
	}
	res := analyzed{make(map[string]analysis.Diagnostic), make(map[string]int)}
	for act := range graph.All() {
		if act.Err != nil {
			t.Errorf("%s: %v", act, act.Err)
			continue
		}
		if act.IsRoot {
			for _, d := range act.Diagnostics {
				res.diagnostics[act.Package.Fset.Position(d.Pos).String()+": "+d.Message] = d
			}
		}
		if size := factBytes(t, act); size > 0 {
			res.factBytes[act.Analyzer.Name+" of "+act.Package.ID] = size
		}
	}
	return res
}

// factBytes returns the size of the facts that the package of the action hands to
// its importers, as a gob stream.
func factBytes(t *testing.T, act *checker.Action) int {
	t.Helper()
	var facts []analysis.Fact
	for _, f := range act.AllObjectFacts() {
		if f.Object.Pkg() == act.Package.Types {
			facts = append(facts, f.Fact)
		}
	}
	for _, f := range act.AllPackageFacts() {
		if f.Package == act.Package.Types {
			facts = append(facts, f.Fact)
		}
	}
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		enc := gob.NewEncoder(b)
		for _, f := range facts {
			if err := enc.Encode(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Errorf("%s: facts encode differently each time, which defeats the build cache", act)
	}
	return one.Len()
}

// namesOf returns every name that the packages use.
func namesOf(pkgs []*packages.Package) map[string]bool {
	names := make(map[string]bool)
	for _, pkg := range pkgs {
		for id := range pkg.TypesInfo.Uses {
			names[id.Name] = true
		}
		for id := range pkg.TypesInfo.Defs {
			names[id.Name] = true
		}
	}
	return names
}

// judge checks the form of one diagnostic about a program with the given names.
func judge(t *testing.T, c lint.Check, d analysis.Diagnostic, names map[string]bool) {
	t.Helper()
	fail := func(what string) {
		t.Helper()
		t.Errorf("%s: %q: %s", d.Category, d.Message, what)
	}
	if !slices.ContainsFunc(c.Categories, func(cat lint.Category) bool { return cat.Name == d.Category }) {
		fail("its category is not listed")
	}
	if !d.Pos.IsValid() || !d.End.IsValid() || d.End <= d.Pos {
		fail("it has no range")
	}
	first, _ := utf8.DecodeRuneInString(d.Message)
	word, _, _ := strings.Cut(d.Message, " ")
	// A sentence begins in lower case unless it begins with a name of the program.
	if unicode.IsUpper(first) && !strings.ContainsAny(word, ".(*") && strings.ToLower(word[1:]) == word[1:] && !names[word] {
		fail("it begins with a capital")
	}
	if strings.HasSuffix(d.Message, ".") || strings.Contains(d.Message, "\n") {
		fail("it is not one sentence without a period")
	}
	if len(d.SuggestedFixes) > 1 {
		fail("it has more than one fix: hosts that apply all fixes would apply both")
	}
	if len(d.SuggestedFixes) > 0 && c.Fix == lint.NoFix {
		fail("it has a fix, and the check promises none")
	}
}
