package proof_test

import (
	"go/version"
	"os"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet"
	"github.com/heapvet/heapvet/internal/fixture"
	"github.com/heapvet/heapvet/lint"
)

// TestMain makes all that is built here know the goroutine leak profile, and not build a
// second time what is built for it.
func TestMain(m *testing.M) {
	settings := map[string]string{"GOFLAGS": "", "GOWORK": "off"}
	if version.Compare(runtime.Version(), "go1.27") < 0 { // it is part of Go since
		settings["GOEXPERIMENT"] = "goroutineleakprofile"
	}
	for name, value := range settings {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

type finding struct{ Category, Posn, Message string }

// own returns the checks that are not adopted.
func own() []lint.Check {
	return slices.DeleteFunc(slices.Clone(heapvet.Suite), func(c lint.Check) bool { return c.Origin != "" })
}

// load loads the packages of the module in dir. Others are known by their types.
func load(t *testing.T, dir string) []*packages.Package {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		for _, err := range pkg.Errors {
			t.Fatal(err)
		}
	}
	fixture.KnownByTypes(pkgs)
	return pkgs
}

// reportedIn runs checks and returns package → check → findings.
func reportedIn(t *testing.T, pkgs []*packages.Package, checks []lint.Check, all bool) map[string]map[string][]finding {
	t.Helper()
	var analyzers []*analysis.Analyzer
	for _, c := range checks {
		a := c.New()
		if f := a.Flags.Lookup(lint.FlagAll); f != nil && all {
			if err := f.Value.Set("true"); err != nil {
				t.Fatal(err)
			}
		}
		analyzers = append(analyzers, a)
	}
	graph, err := checker.Analyze(analyzers, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	reported := make(map[string]map[string][]finding)
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatalf("%s: %v", act, act.Err)
		}
		pkg := act.Package.Name
		if reported[pkg] == nil {
			reported[pkg] = make(map[string][]finding)
		}
		for _, d := range act.Diagnostics {
			posn := act.Package.Fset.Position(d.Pos).String()
			reported[pkg][act.Analyzer.Name] = append(reported[pkg][act.Analyzer.Name], finding{d.Category, posn, d.Message})
		}
	}
	return reported
}
