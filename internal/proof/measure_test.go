package proof_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
)

// writeModule writes a module in which each side of each proof is a
// package and the main program measures what it is told to.
func writeModule(t *testing.T, dir string, proofs []proof) {
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
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile("../../go.sum")
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

func measure(t *testing.T, dir string) map[string]measurement {
	t.Helper()
	cmd := exec.Command("go", "run", ".")
	cmd.Dir = dir
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
