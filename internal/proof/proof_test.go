// Package proof measures the programs of testdata/proof and testdata/leaks, and what
// heapvet reports of them.
package proof_test

import (
	"go/version"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
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
	writeModule(t, dir, proofs)

	results := measure(t, dir)
	pkgs := load(t, dir)
	reported := reportedIn(t, pkgs, own(), false)
	medium := reportedIn(t, slices.DeleteFunc(pkgs, func(pkg *packages.Package) bool {
		return !slices.ContainsFunc(proofs, func(p proof) bool {
			return p.All && (p.Package("before") == pkg.Name || p.Package("after") == pkg.Name)
		})
	}), own(), true)
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
	for _, c := range own() {
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
	dirs, err := filepath.Glob("../../testdata/proof/*/*")
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
