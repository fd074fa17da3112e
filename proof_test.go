package heapvet_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/version"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/heapvet/heapvet/lint"
)

// TestProofs measures every advice that heapvet gives. testdata/proof holds
// CHECK/NAME/{before,after}.go; the first line after the build constraint says
// what is measured:
//
//	// proof: allocs [CATEGORY]     func run() allocates less often after
//	// proof: bytes [CATEGORY]      func run() allocates fewer bytes after
//	// proof: retained [CATEGORY]   func run() leaves fewer bytes behind that the collector keeps
//	// proof: leak [CATEGORY]       func run() leaks goroutines before, none after
//	// proof: behaviour [CATEGORY]  func run() string returns "bad: …" before, "ok" after
//
// CATEGORY is the sub-rule that must be reported in before.go; without it, NAME
// is. Behind it, go1.NN is what go.mod asks for, where that matters, and -all says
// that heapvet reports it only with that flag. The same check must be silent about
// after.go. All programs of one module are built into one binary, so that a proof
// costs milliseconds.
func TestProofs(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and measures programs")
	}
	byLanguage := make(map[string][]proof)
	for _, p := range findProofs(t) {
		byLanguage[p.Go] = append(byLanguage[p.Go], p)
	}
	for _, language := range slices.Sorted(maps.Keys(byLanguage)) {
		proveAll(t, byLanguage[language])
	}
}

// proveAll measures proofs of one language version.
func proveAll(t *testing.T, proofs []proof) {
	dir := t.TempDir()
	writeProofModule(t, dir, proofs)

	results := measureProofs(t, dir)
	reported := reportedIn(t, dir)
	var medium map[string]map[string][]finding // with -all
	if slices.ContainsFunc(proofs, func(p proof) bool { return p.All }) {
		medium = reportedIn(t, dir, "-all")
	}
	for _, p := range proofs {
		t.Run(p.Check+"/"+p.Name, func(t *testing.T) {
			if p.Go == "go1.22" && version.Compare(runtime.Version(), "go1.27") >= 0 {
				t.Skip("Go 1.27 has given up the timers of Go 1.22")
			}
			if p.Check == "stackslice" && p.Name == "overwritten" && version.Compare(runtime.Version(), "go1.27") >= 0 {
				t.Skip("Go 1.27 compiles it right")
			}
			before, after := results[p.Package("before")], results[p.Package("after")]
			switch p.Kind {
			case "retained":
				t.Logf("B retained per run: %.0f before, %.0f after", before.Bytes, after.Bytes)
				if after.Bytes > before.Bytes/2 {
					t.Errorf("no gain: %.0f B retained per run before, %.0f after", before.Bytes, after.Bytes)
				}
			case "allocs":
				t.Logf("allocs/op %.4g before, %.4g after", before.Allocs, after.Allocs)
				// Rounding noise of the runtime is below one allocation in ten runs.
				if after.Allocs > before.Allocs-0.1 {
					t.Errorf("no gain: %.4g allocs/op before, %.4g after", before.Allocs, after.Allocs)
				}
			case "bytes":
				t.Logf("B/op %.0f before, %.0f after", before.Bytes, after.Bytes)
				if after.Bytes > 0.95*before.Bytes {
					t.Errorf("no gain: %.0f B/op before, %.0f after", before.Bytes, after.Bytes)
				}
			case "leak":
				t.Logf("goroutines leaked: %d before, %d after", before.Leaked, after.Leaked)
				if before.Leaked == 0 || after.Leaked != 0 {
					t.Errorf("leaked goroutines: %d before, want some; %d after, want none", before.Leaked, after.Leaked)
				}
			case "behaviour":
				t.Logf("before: %q, after: %q", before.Text, after.Text)
				if !strings.HasPrefix(before.Text, "bad: ") || after.Text != "ok" {
					t.Errorf("run() = %q before, want bad: …; %q after, want ok", before.Text, after.Text)
				}
			}
			reported := reported
			if p.All {
				reported = medium
			}
			if got := reported[p.Package("before")][p.Check]; !slices.ContainsFunc(got, func(f finding) bool { return f.Category == p.Category }) {
				t.Errorf("before.go: %s reports %q, want category %s", p.Check, got, p.Category)
			}
			if got := reported[p.Package("after")][p.Check]; len(got) > 0 {
				t.Errorf("after.go: %s reports %q, want nothing", p.Check, got)
			}
		})
	}
}

// TestProofsAreComplete requires a proof for every category of every check that
// heapvet itself defines.
func TestProofsAreComplete(t *testing.T) {
	proven := make(map[string]bool)
	for _, p := range findProofs(t) {
		proven[p.Check+"/"+p.Category] = true
	}
	for _, c := range ownChecks() {
		for _, cat := range c.Categories {
			if id := c.New().Name + "/" + cat.Name; !proven[id] {
				t.Errorf("no proof for %s in testdata/proof", id)
			}
		}
	}
}

type proof struct {
	Check, Name, Category, Kind string
	Go                          string // "go1.NN", or "" for the present one
	All                         bool
	source                      map[string]string // "before" and "after" → text
}

// Package returns the name of the package that one side of the proof becomes.
func (p proof) Package(side string) string {
	return regexp.MustCompile(`\W`).ReplaceAllString(p.Check+"_"+p.Name+"_"+side, "_")
}

var proofLine = regexp.MustCompile(`(?m)^// proof: (allocs|bytes|retained|leak|behaviour)(?: ([a-z][a-z-]*))?(?: (go1\.\d+))?( -all)?\s*$`)

func findProofs(t *testing.T) (proofs []proof) {
	dirs, err := filepath.Glob("testdata/proof/*/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		p := proof{Check: filepath.Base(filepath.Dir(dir)), Name: filepath.Base(dir), source: make(map[string]string)}
		for _, side := range []string{"before", "after"} {
			text, err := os.ReadFile(filepath.Join(dir, side+".go"))
			if err != nil {
				t.Fatal(err)
			}
			m := proofLine.FindSubmatch(text)
			if m == nil {
				t.Fatalf("%s/%s.go has no line that says what it proves", dir, side)
			}
			p.Kind, p.Category, p.Go, p.All = string(m[1]), string(m[2]), string(m[3]), len(m[4]) > 0
			p.source[side] = string(text)
		}
		if p.Category == "" {
			p.Category = p.Name
		}
		proofs = append(proofs, p)
	}
	return proofs
}

// writeProofModule writes a module in which each side of each proof is a
// package and the main program measures what it is told to.
func writeProofModule(t *testing.T, dir string, proofs []proof) {
	t.Helper()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// Programs may use x/sync, at the version that heapvet is built with.
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	xsync := regexp.MustCompile(`golang\.org/x/sync v\S+`).Find(mod)
	gomod := fmt.Sprintf("module proof\n\ngo 1.26.0\n\nrequire %s\n", xsync)
	if language := proofs[0].Go; language != "" {
		gomod = "module proof\n\ngo " + strings.TrimPrefix(language, "go") + "\n"
	}
	write("go.mod", gomod)
	write("go.sum", string(sums))
	constraint := regexp.MustCompile(`(?m)^//go:build ignore\n`)
	clause := regexp.MustCompile(`(?m)^package main$`)
	type side struct{ Package, Kind string }
	var sides []side
	for _, p := range proofs {
		for name, text := range p.source {
			pkg := p.Package(name)
			text = constraint.ReplaceAllString(text, "")
			write(pkg+"/"+name+".go", clause.ReplaceAllString(text, "package "+pkg))
			body := "func Run() string { run(); return \"\" }"
			if p.Kind == "behaviour" {
				body = "func Run() string { return run() }"
			}
			write(pkg+"/run.go", "package "+pkg+"\n\n"+body+"\n")
			sides = append(sides, side{pkg, p.Kind})
		}
	}
	slices.SortFunc(sides, func(a, b side) int { return strings.Compare(a.Package, b.Package) })
	var main bytes.Buffer
	if err := proofMain.Execute(&main, sides); err != nil {
		t.Fatal(err)
	}
	write("main.go", main.String())
}

type measurement struct {
	Allocs, Bytes float64 // per run
	Leaked        int     // goroutines
	Text          string
}

// proofMain prints one JSON object: package → measurement.
var proofMain = template.Must(template.New("main").Parse(`package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
{{range .}}
	"proof/{{.Package}}"{{end}}
)

type measurement struct {
	Allocs, Bytes float64
	Leaked        int
	Text          string
}

func main() {
	results := make(map[string]measurement)
{{range .}}	results["{{.Package}}"] = {{.Kind}}({{.Package}}.Run)
{{end}}	for pkg, n := range leaked() {
		m := results[pkg]
		m.Leaked = n
		results[pkg] = m
	}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(results); err != nil {
		panic(err)
	}
}

func allocs(run func() string) measurement {
	return measurement{Allocs: testing.AllocsPerRun(100, func() { run() })}
}

func bytes(run func() string) measurement {
	const n = 100
	run()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range n {
		run()
	}
	runtime.ReadMemStats(&after)
	return measurement{Bytes: float64(after.TotalAlloc-before.TotalAlloc) / n}
}

func retained(run func() string) measurement {
	const n = 1000
	run()
	before := live()
	for range n {
		run()
	}
	return measurement{Bytes: max(0, float64(live()-before)/n)}
}

func live() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// leak runs run some times, as not every order of events need leak; run may itself
// be what gets stuck. What leaks is counted when all have run.
func leak(run func() string) measurement {
	const n = 10
	done := make(chan bool, 1)
	go func() {
		for range n {
			run()
		}
		done <- true
	}()
	select {
	case <-done:
	case <-time.After(50 * time.Millisecond):
	}
	return measurement{}
}

// leaked returns package → number of goroutines that are stuck for ever. What is
// not gets time to end.
func leaked() map[string]int {
	p := pprof.Lookup("goroutineleak")
	if p == nil {
		panic("this toolchain has no goroutine leak profile")
	}
	var text strings.Builder
	for stuck, running := -1, -1; ; {
		time.Sleep(300 * time.Millisecond)
		text.Reset()
		if err := p.WriteTo(&text, 2); err != nil {
			panic(err)
		}
		n, m := strings.Count(text.String(), "(leaked)"), runtime.NumGoroutine()
		if n == stuck && m == running {
			break
		}
		stuck, running = n, m
	}
	counts := make(map[string]int)
	for _, g := range strings.Split(text.String(), "\n\n") {
		if !strings.Contains(g, "(leaked)") {
			continue
		}
		if _, name, ok := strings.Cut(g, "\nproof/"); ok {
			counts[name[:strings.IndexByte(name, '.')]]++
		} else if _, name, ok := strings.Cut(g, "\ncreated by proof/"); ok {
			counts[name[:strings.IndexByte(name, '.')]]++
		}
	}
	return counts
}

func behaviour(run func() string) (m measurement) {
	defer func() {
		if e := recover(); e != nil {
			m.Text = fmt.Sprintf("bad: panic: %v", e)
		}
	}()
	return measurement{Text: run()}
}

var _, _, _, _, _ = allocs, bytes, retained, leak, behaviour
var _ = io.Discard
`))

func measureProofs(t *testing.T, dir string) map[string]measurement {
	t.Helper()
	cmd := exec.Command("go", "run", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if version.Compare(runtime.Version(), "go1.27") < 0 {
		// The profile is part of Go since 1.27.
		cmd.Env = append(cmd.Env, "GOEXPERIMENT=goroutineleakprofile")
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the proofs do not run: %v\n%s", err, stderr.Bytes())
	}
	results := make(map[string]measurement)
	if err := json.Unmarshal(out, &results); err != nil {
		t.Fatal(err)
	}
	return results
}

type finding struct{ Category, Posn, Message string }

// reportedIn runs heapvet over the module and returns package → check → findings.
func reportedIn(t *testing.T, dir string, flags ...string) map[string]map[string][]finding {
	t.Helper()
	tool := buildHeapvet(t)
	for _, c := range ownChecks() {
		if c.Stage == lint.Opt {
			flags = append(flags, "-enable", c.New().Name)
		}
	}
	cmd := exec.Command(tool, append(flags, "-json", "./...")...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("heapvet: %v\n%s", err, stderr.Bytes())
	}
	reported := make(map[string]map[string][]finding)
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var byPackage map[string]map[string]json.RawMessage
		if err := dec.Decode(&byPackage); err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		for pkg, byCheck := range byPackage {
			pkg = strings.TrimPrefix(pkg, "proof/")
			for check, raw := range byCheck {
				var findings []finding
				if err := json.Unmarshal(raw, &findings); err != nil {
					t.Fatalf("%s: %s: %s", pkg, check, raw)
				}
				if reported[pkg] == nil {
					reported[pkg] = make(map[string][]finding)
				}
				reported[pkg][check] = append(reported[pkg][check], findings...)
			}
		}
	}
	return reported
}

// buildHeapvet builds the command and returns its path.
func buildHeapvet(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "heapvet")
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", tool, "./cmd/heapvet").CombinedOutput(); err != nil {
		t.Fatal(fmt.Errorf("%v\n%s", err, out))
	}
	return tool
}
