package escape_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/evidence/escape"
)

// Fixtures state what a report must answer in comments at the end of a line:
//
//	//@ expr &T{}: heap; box n: stack; var x: heap; compiled x: yes; inlined f(): yes; why x: x is moved …
//
// The middle is the source text of an expression of that line.
type statement struct{ verb, text, want string }

func statements(comment string) []statement {
	list, ok := strings.CutPrefix(comment, "//@ ")
	if !ok {
		return nil
	}
	var out []statement
	for len(list) > 0 {
		// The text of an expression may contain a semicolon.
		s, rest := list, ""
		for _, verb := range []string{"expr", "box", "var", "compiled", "inlined", "why", "related"} {
			if i := strings.Index(s, "; "+verb+" "); i >= 0 {
				s, rest = s[:i], list[i+2:]
			}
		}
		list = rest
		i := strings.LastIndex(s, ": ")
		verb, text, _ := strings.Cut(s[:i], " ")
		out = append(out, statement{verb, text, strings.TrimSpace(s[i+2:])})
	}
	return out
}

// of returns what the statement says of a Go version: a want of the form
// "heap (go1.27 stack)" has an exception.
func (s statement) of(version string) string {
	want, except, ok := strings.Cut(strings.TrimSuffix(s.want, ")"), " (go1.")
	if !ok {
		return s.want
	}
	if minor, other, _ := strings.Cut(except, " "); strings.HasPrefix(version, "go1."+minor+".") {
		return other
	}
	return want
}

var names = map[escape.Verdict]string{
	escape.Unknown: "unknown", escape.Heap: "heap", escape.Stack: "stack", escape.Free: "free",
}

// check compares the answers of a report with the statements in the files of its
// pass. It returns how many there were, and those that do not hold.
func check(pass *analysis.Pass, r *escape.Report, want func(statement) string) (n int, failed []string) {
	fail := func(format string, args ...any) { failed = append(failed, fmt.Sprintf(format, args...)) }
	for _, f := range pass.Files {
		file := pass.Fset.File(f.FileStart)
		src, err := os.ReadFile(file.Name())
		if err != nil {
			fail("%v", err)
			continue
		}
		text := func(node ast.Node) string {
			return string(src[file.Offset(node.Pos()):file.Offset(node.End())])
		}
		nodes := make(map[int][]ast.Node)
		ast.Inspect(f, func(n ast.Node) bool {
			if n != nil {
				line := pass.Fset.PositionFor(n.Pos(), false).Line
				nodes[line] = append(nodes[line], n)
			}
			return true
		})
		for _, group := range f.Comments {
			for _, c := range group.List {
				line := pass.Fset.PositionFor(c.Pos(), false).Line
				for _, s := range statements(c.Text) {
					n++
					var node ast.Node
					for _, cand := range nodes[line] {
						_, ok := cand.(ast.Expr)
						id, _ := cand.(*ast.Ident)
						if ok && text(cand) == s.text && (s.verb != "box" || pass.TypesInfo.Defs[id] == nil) {
							node = cand
							break
						}
					}
					at := token.Position{Filename: file.Name(), Line: line}
					if node == nil {
						fail("%v: no expression %q", at, s.text)
						continue
					}
					got := ""
					switch s.verb {
					case "expr":
						got = names[r.Expr(node.(ast.Expr))]
					case "box":
						got = names[r.Boxed(node.(ast.Expr))]
					case "var":
						got = names[r.Var(node.(*ast.Ident))]
					case "compiled":
						got = yes(r.Compiled(node))
					case "inlined":
						got = yes(r.Inlined(node.(*ast.CallExpr)))
					case "why":
						got = "nothing"
						for _, site := range r.Sites(node) {
							if text := site.Explain(); text != "" {
								got = text
							}
						}
					case "related":
						var notes []string
						for _, site := range r.Sites(node) {
							for _, rel := range r.Related(site) {
								p := pass.Fset.PositionFor(rel.Pos, true)
								notes = append(notes, fmt.Sprintf("%d:%d %s", p.Line, p.Column, rel.Message))
							}
						}
						got = strings.Join(notes, " > ")
					default:
						fail("%v: unknown verb %s", at, s.verb)
					}
					if w := want(s); got != w {
						fail("%v: %s %s: got %s, want %s\n%s", at, s.verb, s.text, got, w, sites(r, node))
					}
				}
			}
		}
	}
	return n, failed
}

func sites(r *escape.Report, n ast.Node) string {
	var b strings.Builder
	for _, s := range r.Sites(n) {
		fmt.Fprintf(&b, "\t%s %s inlined=%v func=%s reason=%s: %s\n", names[s.Verdict], s.Expr, s.Inlined, s.Func, s.Reason, s.Explain())
	}
	return b.String()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func asIs(s statement) string { return s.of(runtime.Version()) }

// capture is an analyzer that hands its pass and report to the test.
func capture(do func(*analysis.Pass, *escape.Report)) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "capture",
		Doc:      "hand the escape report to the test",
		Requires: []*analysis.Analyzer{escape.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			do(pass, escape.Of(pass))
			return nil, nil
		},
	}
}

func TestAnalysistest(t *testing.T) {
	total := 0
	analysistest.Run(t, analysistest.TestData(), capture(func(pass *analysis.Pass, r *escape.Report) {
		if !r.Known() {
			t.Fatal(r.Why())
		}
		n, failed := check(pass, r, asIs)
		total += n
		for _, text := range failed {
			t.Error(text)
		}
	}), "a", "b", "c")
	if total == 0 {
		t.Error("no statements")
	}
}

// Without a source nothing is known, and nothing is claimed.
func TestNone(t *testing.T) {
	none := escape.With(nil, capture(func(pass *analysis.Pass, r *escape.Report) {
		if r.Known() || r.Why() == "" {
			t.Errorf("known without a source: %q", r.Why())
		}
		n, failed := check(pass, r, func(s statement) string {
			switch {
			case s.want == "free" && s.verb != "var":
				return s.want // types alone may say so
			case s.verb == "compiled", s.verb == "inlined":
				return "no"
			case s.verb == "related":
				return ""
			case s.verb == "why":
				return "nothing"
			}
			return "unknown"
		})
		if n == 0 {
			t.Error("no statements")
		}
		for _, text := range failed {
			if !strings.Contains(text, "got unknown, want free") {
				t.Error(text)
			}
		}
	}))
	analysistest.Run(t, analysistest.TestData(), none[0], "a")
}

// module copies the fixture module to a directory with an awkward name.
func module(t *testing.T) string {
	dir := filepath.Join(t.TempDir(), "a b@v1.2-x")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "mod"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "go.mod.txt"), filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b"} {
		data, err := os.ReadFile(filepath.Join("testdata", "src", name, name+".go"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(dir, name), 0o777); err != nil {
			t.Fatal(err)
		}
		data = bytes.Replace(data, []byte(`"b"`), []byte(`"example.com/mod/b"`), 1)
		if err := os.WriteFile(filepath.Join(dir, name, name+".go"), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		os.RemoveAll(filepath.Join(dir, "cgo"))
	}
	return dir
}

// packagesOf are the units of the fixture module that must hold statements.
var packagesOf = []string{"a", "asm", "b", "dash-ed", "embedded", "lines", "program", "variant", "variant_test"}

func TestGoList(t *testing.T) {
	dir := module(t)
	cfg := &packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir, Tests: true}
	pkgs, err := packages.Load(cfg, "./...")
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	var mu sync.Mutex
	_, err = checker.Analyze([]*analysis.Analyzer{capture(func(pass *analysis.Pass, r *escape.Report) {
		if strings.HasSuffix(pass.Pkg.Path(), ".test") {
			return
		}
		if !r.Known() {
			t.Error(r.Why())
			return
		}
		n, failed := check(pass, r, asIs)
		mu.Lock()
		defer mu.Unlock()
		seen[strings.TrimPrefix(pass.Pkg.Path(), "example.com/mod/")] += n
		for _, text := range failed {
			// Only its test instantiates the generic function of package variant.
			if !strings.Contains(text, "variant.go:10") {
				t.Error(text)
			}
		}
	})}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range packagesOf {
		if seen[name] == 0 {
			t.Errorf("no statement in package %s", name)
		}
	}
}

const toolEnv = "HEAPVET_TEST_TOOL"

// TestStandardLibrary keeps a question about one package of the standard library,
// a dependency of some fixture perhaps, from building all of it and its tests.
func TestStandardLibrary(t *testing.T) {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	src := filepath.Join(strings.TrimSpace(string(out)), "src")
	for _, root := range []string{src, filepath.Join(src, "cmd")} {
		if all := escape.WholeModule(root, filepath.Join(root, "go")); all != "" {
			t.Errorf("packages of %s are listed by %q, want one by one", root, all)
		}
	}
	here, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if escape.WholeModule(here, filepath.Join(here, "lint")) == "" {
		t.Error("packages of an ordinary module are listed one by one, want all at once")
	}
}

func TestMain(m *testing.M) {
	if os.Getenv(toolEnv) != "" {
		unitchecker.Main(unitTool())
	}
	if os.Getenv(slowEnv) != "" {
		askSlow()
	}
	// Whatever a test does, no file may be left behind.
	tmp, err := os.MkdirTemp("", "escape-test-")
	if err != nil {
		panic(err)
	}
	os.Setenv("TMPDIR", tmp)
	code := m.Run()
	if left, _ := filepath.Glob(filepath.Join(tmp, "heapvet-*")); len(left) > 0 {
		fmt.Println("left behind:", left)
		code = 1
	}
	os.RemoveAll(tmp)
	os.Exit(code)
}

// unitTool is an analyzer for go vet: it reports the failed statements.
func unitTool() *analysis.Analyzer {
	unit := escape.Unit{Verify: true}
	if name := os.Args[len(os.Args)-1]; strings.HasSuffix(name, ".cfg") {
		data, err := os.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(data, &unit)
		}
		if err != nil {
			panic(err)
		}
	}
	a := capture(func(pass *analysis.Pass, r *escape.Report) {
		if strings.HasSuffix(pass.Pkg.Path(), ".test") {
			return
		}
		if !r.Known() {
			pass.Reportf(pass.Files[0].Package, "FAIL %s", r.Why())
			return
		}
		n, failed := check(pass, r, asIs)
		pass.Reportf(pass.Files[0].Package, "SEEN %s %d", strings.TrimPrefix(pass.Pkg.Path(), "example.com/mod/"), n)
		for _, text := range failed {
			pass.Reportf(pass.Files[0].Package, "FAIL %s", text)
		}
	})
	return escape.With(unit, a)[0]
}

func TestUnit(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "vet", "-vettool="+self, "./...")
	cmd.Dir = module(t)
	cmd.Env = append(os.Environ(), toolEnv+"=1", "PWD="+cmd.Dir)
	out, _ := cmd.CombinedOutput()
	for _, name := range packagesOf {
		if !regexp.MustCompile(`SEEN ` + name + ` [1-9]`).Match(out) {
			t.Errorf("no statement in package %s", name)
		}
	}
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "#") && !strings.Contains(line, ": SEEN ") {
			t.Error(strings.TrimSuffix(line, "\n"))
		}
	}
}
