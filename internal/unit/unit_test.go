package unit

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
	"golang.org/x/tools/txtar"

	"github.com/heapvet/heapvet/evidence/escape"
	"github.com/heapvet/heapvet/lint"
)

// The test program is the vet tool, too. What kind of one, it learns from the
// environment; each kind has an identity of its own in the go command's cache.
const (
	kindVar = "HEAPVET_TEST_KIND"
	logVar  = "HEAPVET_TEST_LOG" // a file to which every unit is added

	ours        = "ours"
	theirs      = "unitchecker"
	blankFiles  = "blank PackageFile" // ours under a go command that hands over no export data
	noFileField = "no PackageFile"
)

func TestMain(m *testing.M) {
	args := os.Args[1:]
	if !Wanted(args) {
		os.Exit(m.Run())
	}
	kind := os.Getenv(kindVar)
	if slices.Contains(args, "-V=full") {
		data, err := os.ReadFile(os.Args[0])
		if err != nil {
			panic(err)
		}
		fmt.Printf("tool version devel test buildID=%x\n", sha256.Sum256(append(data, kind...)))
		os.Exit(0)
	}
	cfg := args[len(args)-1]
	if name := os.Getenv(logVar); name != "" && strings.HasSuffix(cfg, ".cfg") {
		f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(f, cfg)
		f.Close()
	}
	switch kind {
	case theirs:
		unitchecker.Main(newToy(), newOptional())
	case blankFiles, noFileField:
		if strings.HasSuffix(cfg, ".cfg") {
			withoutExportData(cfg, kind)
			os.Setenv("GOVERSION", "go1.99")
		}
	}
	os.Exit(Main(toys, args))
}

// withoutExportData rewrites the description of a unit as a future go command may.
func withoutExportData(cfg, kind string) {
	data, err := os.ReadFile(cfg)
	var fields map[string]any
	if err != nil || json.Unmarshal(data, &fields) != nil {
		return // the runner will say so
	}
	fields["PackageFile"] = map[string]string{}
	if kind == noFileField {
		delete(fields, "PackageFile")
	}
	if data, err = json.Marshal(fields); err == nil {
		err = os.WriteFile(cfg, data, 0o666)
	}
	if err != nil {
		panic(err)
	}
}

var toys = []lint.Check{
	{New: newToy, Stage: lint.On},
	{New: newOptional, Stage: lint.Opt},
	{New: newPanicky, Stage: lint.Opt},
	{New: newAsker, Stage: lint.Opt, Evidence: lint.Compiler},
}

// isBad is the fact that a function is bad, or calls a bad one.
type isBad struct{ Wraps bool }

func (*isBad) AFact()           {}
func (f *isBad) String() string { return fmt.Sprint(*f) }

func newToy() *analysis.Analyzer {
	var all bool
	a := &analysis.Analyzer{
		Name:      "toy",
		Doc:       "find calls of bad functions",
		Requires:  []*analysis.Analyzer{inspect.Analyzer},
		FactTypes: []analysis.Fact{(*isBad)(nil)},
	}
	a.Flags.BoolVar(&all, lint.FlagAll, false, "report iffy functions, too")
	a.Run = func(pass *analysis.Pass) (any, error) {
		in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
		for decl := range inspector.All[*ast.FuncDecl](in) {
			if strings.HasPrefix(decl.Name.Name, "Bad") {
				pass.ExportObjectFact(pass.TypesInfo.Defs[decl.Name], &isBad{})
			}
		}
		for cur := range in.Root().Preorder((*ast.CallExpr)(nil)) {
			call := cur.Node().(*ast.CallExpr)
			fn := typeutil.StaticCallee(pass.TypesInfo, call)
			if fn == nil {
				continue
			}
			var bad isBad
			if all && strings.HasPrefix(fn.Name(), "Iffy") {
				pass.Report(analysis.Diagnostic{Pos: call.Pos(), End: call.End(), Category: "iffy", Message: "call of iffy " + fn.Name()})
			}
			if !pass.ImportObjectFact(fn, &bad) {
				continue
			}
			for decl := range cur.Enclosing((*ast.FuncDecl)(nil)) {
				if obj, ok := pass.TypesInfo.Defs[decl.Node().(*ast.FuncDecl).Name].(*types.Func); ok && !bad.Wraps {
					pass.ExportObjectFact(obj, &isBad{Wraps: true})
				}
			}
			d := analysis.Diagnostic{Pos: call.Pos(), End: call.End(), Category: "direct", Message: "call of bad " + fn.Name(),
				Related: []analysis.RelatedInformation{{Pos: call.Lparen, Message: "here"}}}
			if bad.Wraps {
				d.Category = "wrapped"
			} else if sel, ok := call.Fun.(*ast.SelectorExpr); ok && fn.Signature().Recv() == nil {
				d.SuggestedFixes = []analysis.SuggestedFix{{
					Message: "call the good one",
					TextEdits: []analysis.TextEdit{{
						Pos: sel.Sel.Pos(), End: sel.Sel.End(), NewText: []byte("Good" + strings.TrimPrefix(fn.Name(), "Bad"))}},
				}}
			}
			pass.Report(d)
		}
		return nil, nil
	}
	return lint.New(a)
}

func newOptional() *analysis.Analyzer {
	return lint.New(&analysis.Analyzer{Name: "optional", Doc: "find functions named Optional", Run: func(pass *analysis.Pass) (any, error) {
		if obj := pass.Pkg.Scope().Lookup("Optional"); obj != nil {
			pass.Report(analysis.Diagnostic{Pos: obj.Pos(), Message: "optional function"})
		}
		return nil, nil
	}})
}

func newPanicky() *analysis.Analyzer {
	return &analysis.Analyzer{Name: "panicky", Doc: "panic in package c", Run: func(pass *analysis.Pass) (any, error) {
		if pass.Pkg.Name() == "c" {
			panic("the check is broken")
		}
		return nil, nil
	}}
}

// asker tells whether the compiler's decisions are at hand.
func newAsker() *analysis.Analyzer {
	return &analysis.Analyzer{Name: "asker", Doc: "ask the compiler", Requires: []*analysis.Analyzer{escape.Analyzer}, Run: func(pass *analysis.Pass) (any, error) {
		if escape.Of(pass).Known() {
			pass.Report(analysis.Diagnostic{Pos: pass.Files[0].Package, Message: "known"})
		}
		return nil, nil
	}}
}

// module writes the test module, changed by edits (name, text, …), to a new directory.
func module(t *testing.T, edits ...string) string {
	t.Helper()
	ar, err := txtar.ParseFile("testdata/module.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, f := range ar.Files {
		files[f.Name] = string(f.Data)
	}
	for i := 0; i < len(edits); i += 2 {
		files[edits[i]] = edits[i+1]
	}
	dir := t.TempDir()
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

type output struct {
	stdout, stderr string
	code           int
}

func run(t *testing.T, dir, kind string, argv ...string) output {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOPROXY=off", kindVar+"="+kind, "PWD="+dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return output{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

func self(t *testing.T) string {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// vetJSON runs go vet -json and returns its findings, one line each, sorted.
func vetJSON(t *testing.T, dir, kind string, args ...string) (string, output) {
	t.Helper()
	out := run(t, dir, kind, slices.Concat([]string{"go", "vet", "-vettool=" + self(t), "-json"}, args)...)
	return findings(t, dir, out.stdout), out
}

func findings(t *testing.T, dir, stdout string) string {
	t.Helper()
	var list []string
	for dec := json.NewDecoder(strings.NewReader(stdout)); ; {
		var tree map[string]map[string]json.RawMessage
		if err := dec.Decode(&tree); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%v in:\n%s", err, stdout)
		}
		for id, checks := range tree {
			for name, raw := range checks {
				var diags []jsonDiagnostic
				if err := json.Unmarshal(raw, &diags); err != nil {
					list = append(list, fmt.Sprintf("%s: %s: %s", id, name, raw))
					continue
				}
				for _, d := range diags {
					rel, _ := filepath.Rel(dir, d.Posn)
					list = append(list, fmt.Sprintf("%s: %s (%s/%s)", filepath.ToSlash(rel), d.Message, name, d.Category))
				}
			}
		}
	}
	slices.Sort(list)
	return strings.Join(list, "\n") + "\n"
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got, want = strings.TrimSpace(got), strings.TrimSpace(want); got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

const wantFindings = `
a/a.go:13:16: call of bad BadA (toy/direct)
a/a_test.go:3:18: call of bad BadA (toy/direct)
a/x_test.go:5:18: call of bad WrapA (toy/wrapped)
b/b.go:11:2: call of bad BadA (toy/direct)
b/b.go:12:2: call of bad WrapA (toy/wrapped)
c/c.go:5:15: call of bad BadMethod (toy/direct)
d/d.go:18:2: call of bad BadA (toy/direct)
`

func TestFindings(t *testing.T) {
	for _, kind := range []string{ours, blankFiles, noFileField} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dir := module(t)
			got, out := vetJSON(t, dir, kind, "./...")
			equal(t, "findings", got, wantFindings)
			if out.stderr != "" && kind == ours && !strings.HasPrefix(out.stderr, "#") || out.code != 0 {
				t.Errorf("exit %d, stderr:\n%s", out.code, out.stderr)
			}
		})
	}
}

// The same JSON, byte for byte, as x/tools' unitchecker. (Without the module that
// we do not look into unless asked to.)
func TestUnitchecker(t *testing.T) {
	t.Parallel()
	dir := module(t)
	trees := func(kind string, args ...string) map[string]string {
		_, out := vetJSON(t, dir, kind, append(args, "-toy", "-optional", "./...")...)
		units := make(map[string]string)
		for dec := json.NewDecoder(strings.NewReader(out.stdout)); ; {
			var raw json.RawMessage
			if err := dec.Decode(&raw); err == io.EOF {
				return units
			} else if err != nil {
				t.Fatal(err)
			}
			var tree map[string]any
			json.Unmarshal(raw, &tree)
			for id := range tree {
				units[id] = string(raw)
			}
		}
	}
	got, want := trees(ours, "-deps"), trees(theirs)
	if len(want) < 6 || !strings.Contains(want["example.com/m/b"], "call of bad Wrap\"") {
		t.Fatalf("unitchecker found too little: %v", want)
	}
	for id := range want {
		equal(t, id, got[id], want[id])
	}
	if len(got) != len(want) {
		t.Errorf("%d packages with findings, want %d", len(got), len(want))
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	dir := module(t)
	const optional = "opt/opt.go:3:6: optional function (optional/)\n"
	for _, test := range []struct{ name, args, want string }{
		{"another check named", "-optional", optional},
		{"both named", "-optional -toy", wantFindings + optional},
		{"switched off", "-toy=false", ""},
		{"other modules", "-deps -toy ./b", `
b/b.go:11:2: call of bad BadA (toy/direct)
b/b.go:12:2: call of bad WrapA (toy/wrapped)
b/b.go:14:2: call of bad Wrap (toy/wrapped)`},
		{"no compiler", "-escape=off ./c", "c/c.go:5:15: call of bad BadMethod (toy/direct)"},
		{"medium confidence", "-toy.all -toy ./d", "d/d.go:18:2: call of bad BadA (toy/direct)"},
		{"medium confidence everywhere, suppressed ones, too", "-all -toy.suppressed ./d", `
d/d.go:14:2: call of iffy IffyA (toy/iffy#suppressed)
d/d.go:18:2: call of bad BadA (toy/direct)
d/d.go:20:2: call of bad BadA (toy/direct#suppressed)
d/d.go:7:2: call of bad BadA (toy/direct#suppressed)`},
		{"useless suppressions", "-suppressed ./d", `
d/d.go:11:12: this comment silences no finding of toy (suppression/unused)
d/d.go:16:12: this comment silences no finding of heapvet (suppression/unused)
d/d.go:17:2: this comment gives no reason and so silences nothing: write //lint:ignore toy and the reason (suppression/malformed)
d/d.go:18:2: call of bad BadA (toy/direct)
d/d.go:20:2: call of bad BadA (toy/direct#suppressed)
d/d.go:7:2: call of bad BadA (toy/direct#suppressed)`},
		{"useless suppressions of a check that did not run", "-suppressed -optional ./d",
			"d/d.go:15:12: this comment silences no finding of optional (suppression/unused)\n" +
				"d/d.go:17:2: this comment gives no reason and so silences nothing: write //lint:ignore toy and the reason (suppression/malformed)"},
		{"a check that panics", "-panicky -optional ./c ./opt",
			`example.com/m/c: panicky: {"error": "check panicky panicked on package example.com/m/c: the check is broken (at PLACE)"}` + "\n" + optional},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			args := strings.Fields(test.args)
			if !strings.Contains(test.args, "./") {
				args = append(args, "./...")
			}
			got, out := vetJSON(t, dir, ours, args...)
			got = strings.NewReplacer(`{ "`, `{"`, `" }`, `"}`).Replace(strings.Join(strings.Fields(got), " "))
			got = panicPlace.ReplaceAllString(got, "(at PLACE)")
			equal(t, "findings", got, strings.Join(strings.Fields(test.want), " "))
			if out.code != 0 {
				t.Errorf("exit %d, stderr:\n%s", out.code, out.stderr)
			}
		})
	}
	out := run(t, dir, ours, "go", "vet", "-vettool="+self(t), "-toy.nosuch", "./...")
	if out.code != 2 || !strings.Contains(out.stderr, "nosuch") {
		t.Errorf("unknown flag: exit %d: %s", out.code, out.stderr)
	}
}

var panicPlace = regexp.MustCompile(`\(at [^)]*unit_test\.go:[0-9]+\)`)

// An unchanged program is not analysed again.
func TestCached(t *testing.T) {
	dir := module(t)
	log := filepath.Join(t.TempDir(), "log")
	t.Setenv(logVar, log)
	first, _ := vetJSON(t, dir, ours, "./...")
	if _, err := os.Stat(log); err != nil {
		t.Fatal("the first run did not start the tool")
	}
	os.Remove(log)
	second, _ := vetJSON(t, dir, ours, "./...")
	equal(t, "second run", second, first)
	if data, err := os.ReadFile(log); err == nil {
		t.Errorf("the second run analysed:\n%s", data)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	dir := module(t)
	out := run(t, dir, ours, "go", "vet", "-vettool="+self(t), "./c")
	want := "# example.com/m/c\nc/c.go:5:15: call of bad BadMethod\nc/c.go:5:32: \there\n"
	if out.code != 1 || !strings.HasSuffix(want, out.stderr) {
		t.Errorf("exit %d:\n%s", out.code, out.stderr)
	}
}

func TestDoesNotCompile(t *testing.T) {
	t.Parallel()
	dir := module(t, "broken/broken.go", "package broken\n\nfunc F() { undefined() }\n")
	got, out := vetJSON(t, dir, ours, "./...")
	equal(t, "findings of the others", got, wantFindings)
	if out.code != 1 || !strings.Contains(out.stderr, "broken.go:3:12: undefined: undefined") {
		t.Errorf("exit %d:\n%s", out.code, out.stderr)
	}
}

func TestFix(t *testing.T) {
	t.Parallel()
	read := func(dir, name string) string {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	for _, argv := range []string{"vet -vettool=%s -fix", "fix -fixtool=%s"} {
		argv := append([]string{"go"}, strings.Fields(fmt.Sprintf(argv, self(t)))...)
		dir := module(t)
		before := read(dir, "b/b.go")
		want := strings.Replace(before, "a.BadA()\n\ta.WrapA", "a.GoodA()\n\ta.WrapA", 1)

		out := run(t, dir, ours, append(argv, "-diff", "./...")...)
		if out.code != 1 || !strings.Contains(out.stdout, "--- "+filepath.Join(dir, "b/b.go")+"\n+++ "+filepath.Join(dir, "b/b.go")+"\n@@ -8,7 +8,7 @@\n") ||
			!strings.Contains(out.stdout, "\n-\ta.BadA()\n+\ta.GoodA()\n \ta.WrapA()\n") {
			t.Errorf("%v -diff: exit %d: %s%s", argv, out.code, out.stdout, out.stderr)
		}
		equal(t, "b.go after -diff", read(dir, "b/b.go"), before)

		for range 2 { // the second run has nothing to do
			if out := run(t, dir, ours, append(argv, "./...")...); out.code != 0 {
				t.Errorf("%v: exit %d: %s%s", argv, out.code, out.stdout, out.stderr)
			}
			equal(t, "b.go after the fix", read(dir, "b/b.go"), want)
		}
		if got := read(dir, "d/gen.go"); !strings.Contains(got, "BadA") {
			t.Errorf("the generated file was changed:\n%s", got)
		}
	}
}

// unit runs the tool on one unit of one file without imports.
func direct(t *testing.T, args []string, file, text string, change func(*Config)) (output, *Config) {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, file)
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	cfg := &Config{
		ID: "p", ImportPath: "p", Compiler: "gc", Dir: dir, GoVersion: "go1.26", ModulePath: "p",
		GoFiles: []string{name}, PackageFile: map[string]string{}, VetxOutput: filepath.Join(dir, "vetx"),
	}
	if change != nil {
		change(cfg)
	}
	data, err := json.Marshal(cfg)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "vet.cfg"), data, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	return run(t, dir, ours, slices.Concat([]string{self(t)}, args, []string{filepath.Join(dir, "vet.cfg")})...), cfg
}

const badCall = "package p\n\nfunc Bad() {}\n\nfunc f() { Bad() }\n"

func TestUnit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, args, text string
		change           func(*Config)
		code             int
		stderr           string // at its end; DIR is that of the unit
	}{
		{"text", "", badCall, nil, 1, "DIR/p.go:5:12: call of bad Bad (toy/direct)\nDIR/p.go:5:15: \there\n"},
		{"context", "-c=0", badCall, nil, 1,
			"DIR/p.go:5:12: call of bad Bad (toy/direct)\n5\tfunc f() { Bad() }\nDIR/p.go:5:15: \there\n5\tfunc f() { Bad() }\n"},
		{"compiler", "-asker", badCall, nil, 1, "DIR/p.go:1:1: known (asker)\n"},
		{"compiler verified", "-asker -escape=verify", badCall, nil, 1, "DIR/p.go:1:1: known (asker)\n"},
		{"compiler off", "-asker -escape=off", badCall, nil, 0, ""},
		{"compiler fails", "-asker", "package p\n\n//go:linkname x y\n\nvar x int\n", nil, 0, ""},
		{"compiler fails, verified", "-asker -escape=verify", "package p\n\n//go:linkname x y\n\nvar x int\n", nil, 1, "only allowed in Go files that import \"unsafe\"\n"},
		{"a check that panics", "-panicky", "package c\n", nil, 1, "unit_test.go:LINE)\n"},
		{"syntax error", "", "package p\n\nfunc f( {\n", nil, 1, "DIR/p.go:3:9: expected ')', found '{'\n"},
		{"type errors", "", "package p\n\nvar x = y\nvar z = w\n", nil, 1, "DIR/p.go:3:9: undefined: y\nDIR/p.go:4:9: undefined: w\n"},
		{"type error of a dependency", "", "package p\n\nvar x = y\n", func(c *Config) { c.VetxOnly = true }, 1, "DIR/p.go:3:9: undefined: y\n"},
		{"file gone", "", badCall, func(c *Config) { os.Remove(c.GoFiles[0]) }, 1, "heapvet: open DIR/p.go: no such file or directory\n"},
		{"no files", "", badCall, func(c *Config) { c.GoFiles = nil }, 1, "heapvet: package p has no Go files\n"},
		{"language too new", "", badCall, func(c *Config) { c.GoVersion = "go1.99" }, 1,
			"heapvet: package p: heapvet was built with " + goRelease(runtime.Version()) + " but this package needs go1.99: rebuild heapvet with it\n"},
		{"language of a dependency too new", "", badCall, func(c *Config) { c.GoVersion, c.VetxOnly = "go1.99", true }, 1, "needs go1.99: rebuild heapvet with it\n"},
		{"foreign dependency too new", "", badCall, func(c *Config) { c.GoVersion, c.VetxOnly, c.ModuleVersion = "go1.99", true, "v1.0.0" }, 0, ""},
		{"damaged facts", "", "package p\n\nimport _ \"q\"\n", func(c *Config) {
			c.ImportMap, c.PackageVetx = map[string]string{"q": "q"}, map[string]string{"q": c.GoFiles[0]}
		}, 1, "p.go was not written by this version of the tool; 'go clean -cache' removes it)\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, cfg := direct(t, strings.Fields(test.args), "p.go", test.text, test.change)
			got := strings.ReplaceAll(out.stderr, cfg.Dir, "DIR")
			got = regexp.MustCompile(`unit_test.go:[0-9]+`).ReplaceAllString(got, "unit_test.go:LINE")
			if out.code != test.code || !strings.HasSuffix(got, test.stderr) || test.stderr == "" && got != "" {
				t.Errorf("exit %d, want %d, and on stderr:\n%s", out.code, test.code, got)
			}
			if _, err := os.Stat(cfg.VetxOutput); (err == nil) != (test.code == 0 || test.args != "" || test.name == "text") {
				t.Errorf("vetx file: %v", err)
			}
		})
	}
}

// TestSoon: what needs no compiler is printed first, and then everything; with all findings
// asked for, those of medium confidence are marked both times.
func TestSoon(t *testing.T) {
	t.Parallel()
	out, cfg := direct(t, []string{"-toy", "-asker", "-all", "-json", "-soon"}, "p.go",
		"package p\n\nfunc Bad() {}\n\nfunc Iffy() {}\n\nfunc f() { Bad(); Iffy() }\n\nfunc g() { Bad() } //nolint:toy\n", nil)
	const toy, asker = "p.go:7:12 toy/direct \np.go:7:19 toy/iffy medium\n", "p.go:1:1 asker/ \n"
	var got []string
	for dec := json.NewDecoder(strings.NewReader(out.stdout)); ; {
		var tree map[string]map[string][]jsonDiagnostic
		if err := dec.Decode(&tree); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%v: %s%s", err, out.stdout, out.stderr)
		}
		text := ""
		for _, name := range []string{"asker", "toy"} {
			for _, d := range tree["p"][name] {
				text += fmt.Sprintf("%s %s/%s %s\n", strings.TrimPrefix(d.Posn, cfg.Dir+"/"), name, d.Category, d.Confidence)
			}
		}
		got = append(got, text)
	}
	if want := []string{toy, asker + toy}; !slices.Equal(got, want) {
		t.Errorf("printed %q, want %q", got, want)
	}
}

// A nolint comment for a linter of the same name is none of our business.
func TestNamesake(t *testing.T) {
	tool := newTool([]lint.Check{{New: func() *analysis.Analyzer { return &analysis.Analyzer{Name: "prealloc"} }}})
	for _, test := range []struct {
		sup  lint.Suppression
		want bool
	}{
		{lint.Suppression{Names: []string{"prealloc"}, Nolint: true}, false},
		{lint.Suppression{Names: []string{"heapvet/prealloc"}, Nolint: true}, true},
		{lint.Suppression{Names: []string{"prealloc"}}, true},
		{lint.Suppression{Names: []string{"SA1000"}}, false},
		{lint.Suppression{}, false},
	} {
		if got := len(tool.named(&test.sup)) > 0; got != test.want {
			t.Errorf("%+v: %v", test.sup, got)
		}
	}
}

// A unit that is nobody's gets the smallest possible vetx file; one of the user's
// module the same bytes each time.
func TestVetx(t *testing.T) {
	t.Parallel()
	read := func(change func(*Config)) []byte {
		out, cfg := direct(t, nil, "p.go", badCall, func(c *Config) { c.VetxOnly = true; change(c) })
		if out.code != 0 || out.stderr != "" {
			t.Errorf("exit %d: %s", out.code, out.stderr)
		}
		data, err := os.ReadFile(cfg.VetxOutput)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if got := read(func(c *Config) { c.ModuleVersion = "v1.0.0" }); string(got) != "vetx\x00\x00\x00\x00\x00\x00\x00\x00" {
		t.Errorf("foreign unit: %q", got)
	}
	if got := read(func(c *Config) { c.ModulePath, c.Dir = "", filepath.Join(build.Default.GOROOT, "src", "p") }); len(got) != 12 {
		t.Errorf("standard unit: %q", got)
	}
	first := read(func(*Config) {})
	for range 3 {
		if again := read(func(*Config) {}); !bytes.Equal(again, first) || len(again) <= 12 {
			t.Errorf("own unit: %q, then %q", first, again)
		}
	}
}

func TestVersions(t *testing.T) {
	for v, want := range map[string]int{"go1.26": 26, "go1.27.1": 27, "go1.28rc1": 28, "devel go1.28-abc Mon": 28, "": 0, "go2": 0} {
		if got := goMinor(v); got != want {
			t.Errorf("goMinor(%q) = %d, want %d", v, got, want)
		}
	}
}

// What checks choose by position must not depend on which file was parsed first.
func TestPositionsFollowFiles(t *testing.T) {
	dir := t.TempDir()
	cfg := &Config{Dir: dir, ImportPath: "a"}
	for i := range 40 {
		name := filepath.Join(dir, fmt.Sprintf("f%02d.go", i))
		body := strings.Repeat("// The first files take longer to parse.\n", 40*(40-i))
		if err := os.WriteFile(name, []byte("package a\n\n"+body), 0o666); err != nil {
			t.Fatal(err)
		}
		cfg.GoFiles = append(cfg.GoFiles, name)
	}
	u, err := load(cfg)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	for i, f := range u.files {
		if got := u.fset.File(f.FileStart).Name(); got != cfg.GoFiles[i] {
			t.Errorf("file %d is %s, want %s", i, got, cfg.GoFiles[i])
		}
		one, err := parser.ParseFile(fset, cfg.GoFiles[i], nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if f.FileStart != one.FileStart {
			t.Errorf("%s begins at %d, want %d as if one was parsed after the other", cfg.GoFiles[i], f.FileStart, one.FileStart)
		}
	}
}
