package proof_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/heapvet/heapvet/lint"
)

var update = flag.Bool("update", false, "bring the scores in testdata/leaks up to date")

// leakChecks look for goroutines, locks and timers that are stuck.
var leakChecks = []string{"losttimer", "lostgoroutine", "stucklock"}

// forLeaks returns them.
func forLeaks() []lint.Check {
	return slices.DeleteFunc(own(), func(c lint.Check) bool { return !slices.Contains(leakChecks, c.New().Name) })
}

// TestLeaks measures what the checks of goroutines, locks and timers find, and
// where they are silent, on programs of which the runtime knows the truth.
// testdata/leaks holds NAME/{leak,fixed}.go: func run() of leak.go leaves a
// goroutine behind that can never go on, that of fixed.go none. In leak.go stands
//
//	// leak: CHECK CATEGORY: reported
//
// where instead of "reported" may be
//
//	reported with -all
//	reported as CHECK CATEGORY
//	reported as CHECK CATEGORY with -all
//	not reported
//
// The lines are the score. They must say what heapvet does now; go test -run
// TestLeaks -update rewrites them. In fixed.go nothing may be reported.
func TestLeaks(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs")
	}
	programs := findLeaks(t)
	dir := t.TempDir()
	writeModule(t, dir, programs)
	results := measure(t, dir)
	pkgs := load(t, dir)
	normal, all := reportedIn(t, pkgs, forLeaks(), false), reportedIn(t, pkgs, forLeaks(), true)

	var byDefault, withAll, quiet int
	for _, p := range programs {
		t.Run(p.Name, func(t *testing.T) {
			leak, fixed := p.Package("leak"), p.Package("fixed")
			if n := results[leak].Leaked; n == 0 {
				t.Errorf("leak.go: no goroutine is stuck")
			}
			if n := results[fixed].Leaked; n > 0 {
				t.Errorf("fixed.go: %d goroutines are stuck", n)
			}
			score := scoreOf(p, normal[leak], all[leak])
			switch {
			case score == "not reported":
			case strings.HasSuffix(score, "-all"):
				withAll++
			default:
				byDefault++
			}
			if want := p.score(); want != score {
				if *update {
					p.setScore(t, score)
				} else {
					t.Errorf("leak.go: %s, but it says: %s", score, want)
				}
			}
			silent := true
			for _, check := range leakChecks {
				for _, f := range all[leak][check] {
					t.Logf("%s: %s: %s", filepath.Base(f.Posn), f.Category, f.Message)
				}
				for _, f := range all[fixed][check] {
					if f.Category == "unexplored" {
						continue // says only what is not known
					}
					silent = false
					t.Errorf("%s: %s: %s", filepath.Base(f.Posn), f.Category, f.Message)
				}
			}
			if silent {
				quiet++
			}
		})
	}
	t.Logf("%d leaks: %d reported by default, %d more with -all; %d of %d corrected programs are quiet",
		len(programs), byDefault, withAll, quiet, len(programs))
}

var leakLine = regexp.MustCompile(`(?m)^// leak: (\w+) ([\w-]+): (.+)$`)

func findLeaks(t *testing.T) (programs []proof) {
	t.Helper()
	dirs, err := filepath.Glob("../../testdata/leaks/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		p := proof{Name: filepath.Base(dir), Kind: "leak", source: make(map[string]string)}
		for _, side := range []string{"leak", "fixed"} {
			text, err := os.ReadFile(filepath.Join(dir, side+".go"))
			if err != nil {
				t.Fatal(err)
			}
			p.source[side] = string(text)
		}
		m := leakLine.FindStringSubmatch(p.source["leak"])
		if m == nil || !slices.Contains(leakChecks, m[1]) {
			t.Fatalf("%s/leak.go does not say what leaks", dir)
		}
		p.Check, p.Category = m[1], m[2]
		programs = append(programs, p)
	}
	return programs
}

// score returns what the program says about itself.
func (p proof) score() string { return leakLine.FindStringSubmatch(p.source["leak"])[3] }

func (p proof) setScore(t *testing.T, score string) {
	t.Helper()
	text := leakLine.ReplaceAllString(p.source["leak"], "// leak: $1 $2: "+score)
	if err := os.WriteFile(filepath.Join("../../testdata/leaks", p.Name, "leak.go"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// scoreOf says in the words of TestLeaks what was reported of the leak in p.
func scoreOf(p proof, normal, all map[string][]finding) string {
	for _, level := range []struct {
		reported map[string][]finding
		suffix   string
	}{{normal, ""}, {all, " with -all"}} {
		if slices.ContainsFunc(level.reported[p.Check], func(f finding) bool { return f.Category == p.Category }) {
			return "reported" + level.suffix
		}
		for _, check := range leakChecks {
			other := slices.DeleteFunc(slices.Clone(level.reported[check]), func(f finding) bool { return f.Category == "unexplored" })
			if len(other) > 0 {
				return "reported as " + check + " " + other[0].Category + level.suffix
			}
		}
	}
	return "not reported"
}

// Of the leaks that Go's own tree has as tests of its leak profile, this many are
// found, by default and with -all. It only goes up.
const (
	kernelsByDefault = 59
	kernelsWithAll   = 77
)

// TestLeaksOfGo counts the leaks in the tests of Go's leak profile that are
// reported: a finding lies in a function that belongs to the leak.
func TestLeaksOfGo(t *testing.T) {
	if testing.Short() {
		t.Skip("runs heapvet")
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(strings.TrimSpace(string(out)), "src/runtime/testdata/testgoroutineleakprofile")
	if _, err := os.Stat(source); err != nil {
		t.Skip("this Go has no sources of its tests")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module kernels\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	kernels := append(findKernels(t, dir), findKernels(t, filepath.Join(dir, "goker"))...)
	pkgs := load(t, dir)
	for _, level := range []struct {
		all   bool
		floor int
	}{{false, kernelsByDefault}, {true, kernelsWithAll}} {
		var places []string
		for _, byCheck := range reportedIn(t, pkgs, forLeaks(), level.all) {
			for _, findings := range byCheck {
				for _, f := range findings {
					places = append(places, f.Posn)
				}
			}
		}
		var found int
		var missed []string
		for _, k := range kernels {
			hit := slices.ContainsFunc(places, k.has)
			switch {
			case k.name == "main" || k.name == "DaisyChain": // not leaks
				if hit {
					t.Errorf("%s: reported, but nothing leaks there", k.name)
				}
			case hit:
				found++
			default:
				missed = append(missed, k.name)
			}
		}
		t.Logf("all=%v: %d of %d leaks found; not found: %s", level.all, found, found+len(missed), strings.Join(missed, " "))
		if found < level.floor {
			t.Errorf("all=%v: %d leaks of Go's tests are found; it was %d", level.all, found, level.floor)
		}
	}
}

// A kernel is a leak in Go's tests: an entry function and what it calls.
type kernel struct {
	name  string
	lines map[string]bool // file:line
}

func (k kernel) has(posn string) bool {
	parts := strings.Split(filepath.Base(posn), ":")
	return len(parts) > 1 && k.lines[parts[0]+":"+parts[1]]
}

// findKernels parses the programs of a folder. A function that is registered by
// name is the entry of a leak; func main is one of its own.
func findKernels(t *testing.T, dir string) (kernels []kernel) {
	t.Helper()
	fset := token.NewFileSet()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		functions := make(map[string][]*ast.FuncDecl) // methods, too: by name alone
		var entries []string
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				functions[fn.Name.Name] = append(functions[fn.Name.Name], fn)
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			if fn, ok := call.Fun.(*ast.Ident); ok && fn.Name == "register" {
				if lit, ok := call.Args[0].(*ast.BasicLit); ok {
					name, _ := strconv.Unquote(lit.Value)
					entries = append(entries, name)
				}
			}
			return true
		})
		if functions["main"] != nil {
			entries = append(entries, "main")
		}
		for _, entry := range entries {
			k := kernel{name: entry, lines: make(map[string]bool)}
			seen := make(map[string]bool)
			var visit func(name string)
			visit = func(name string) {
				if seen[name] || name == "init" {
					return
				}
				seen[name] = true
				for _, fn := range functions[name] {
					for line := fset.Position(fn.Pos()).Line; line <= fset.Position(fn.End()).Line; line++ {
						k.lines[fmt.Sprintf("%s:%d", filepath.Base(path), line)] = true
					}
					ast.Inspect(fn, func(n ast.Node) bool {
						if id, ok := n.(*ast.Ident); ok {
							visit(id.Name)
						}
						return true
					})
				}
			}
			visit(entry)
			kernels = append(kernels, k)
		}
	}
	return kernels
}
