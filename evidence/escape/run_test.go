package escape_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/heapvet/heapvet/evidence/escape"
)

const slowEnv = "HEAPVET_TEST_SLOW"

// fakeCompiler puts a shell script in the place of the compiler and returns its
// directory.
func fakeCompiler(t *testing.T, script string) string {
	if runtime.GOOS != "linux" {
		t.Skip("needs a shell, and parents' deaths to be told")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "compile"), []byte("#!/bin/sh\n"+script), 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

func somePass() *analysis.Pass {
	return &analysis.Pass{Fset: token.NewFileSet(), Pkg: types.NewPackage("p", "p")}
}

func askSlow() {
	_, err := escape.Unit{ImportPath: "p", Dir: os.TempDir()}.Load(somePass())
	panic(err)
}

// A run that is killed takes its compiler with it and leaves no file.
func TestKilled(t *testing.T) {
	tools := fakeCompiler(t, "echo a.go:1:1: can inline f\necho $$ > $PIDFILE.new; mv $PIDFILE.new $PIDFILE\nexec sleep 60\n")
	tmp := t.TempDir()
	pidFile := filepath.Join(tools, "pid")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), slowEnv+"=1", "GOTOOLDIR="+tools, "TMPDIR="+tmp, "PIDFILE="+pidFile)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	running := func() bool {
		pid, _ := os.ReadFile(pidFile)
		line, _ := os.ReadFile(filepath.Join("/proc", strings.TrimSpace(string(pid)), "cmdline"))
		return strings.HasPrefix(string(line), "sleep")
	}
	within10s := func(want bool) bool {
		for range 1000 {
			if running() == want {
				return true
			}
			time.Sleep(10 * time.Millisecond)
		}
		return false
	}
	if !within10s(true) {
		t.Fatal("the compiler never started")
	}
	cmd.Process.Signal(syscall.SIGKILL)
	cmd.Wait()
	if !within10s(false) {
		t.Error("the compiler outlives its parent")
	}
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// The compiler is stopped as soon as it has nothing more to say.
func TestStopped(t *testing.T) {
	t.Setenv("GOTOOLDIR", fakeCompiler(t, "echo a.go:1:1: can inline f\necho a.go:1:1: live at entry to f: x\nexec sleep 60\n"))
	start := time.Now()
	if _, err := (escape.Unit{ImportPath: "p", Dir: t.TempDir()}).Load(somePass()); err != nil {
		t.Error(err)
	}
	if d := time.Since(start); d > 30*time.Second {
		t.Errorf("stopped after %v", d)
	}
}

func TestCompilerFails(t *testing.T) {
	for name, test := range map[string]struct{ script, want string }{
		"silent":  {"exit 3", "exit status 3"},
		"errors":  {"echo 'a.go:1:1: undefined: x'; exit 2", "undefined: x"},
		"stderr":  {"echo 'no such option' >&2; exit 2", "no such option"},
		"crashed": {"kill -SEGV $$", "signal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOTOOLDIR", fakeCompiler(t, test.script))
			_, err := escape.Unit{ID: "p [p.test]", ImportPath: "p", Dir: t.TempDir()}.Load(somePass())
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "p [p.test]: ") {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// What a stopped run leaves out is an error where the host asked for the proof.
func TestVerify(t *testing.T) {
	t.Setenv("GOTOOLDIR", fakeCompiler(t, `case "$*" in
*-live*) echo a.go:1:1: can inline f; echo a.go:1:1: live at entry to f: x;;
*) echo a.go:1:1: can inline f; echo a.go:2:2: moved to heap: x;;
esac
`))
	_, err := escape.Unit{ImportPath: "p", Dir: t.TempDir(), Verify: true}.Load(somePass())
	if err == nil || !strings.Contains(err.Error(), "missing a.go:2:2") {
		t.Errorf("got %v", err)
	}
}

// An unsaved buffer is compiled as it is, not as the file on the disk.
func TestOverlay(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "p.go")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/p\n\ngo 1.25\n")
	write("p.go", "package p\n\nfunc f() int {\n\tx := 1\n\treturn x\n}\n")
	buffer := []byte("package p\n\nimport \"os\"\n\nfunc f() *int {\n\tx := len(os.Args)\n\treturn &x\n}\n")

	read := func(file string) ([]byte, error) {
		if file == name {
			return buffer, nil
		}
		return os.ReadFile(file)
	}
	inner := escape.New(escape.GoList{PerPackage: true})
	asked := *inner
	asked.Run = func(pass *analysis.Pass) (any, error) {
		own := *pass
		own.ReadFile = read
		return inner.Run(&own)
	}
	var got []escape.Verdict
	a := &analysis.Analyzer{
		Name: "a", Doc: "a", Requires: []*analysis.Analyzer{&asked},
		Run: func(pass *analysis.Pass) (any, error) {
			r := escape.Of(pass)
			if !r.Known() {
				t.Error(r.Why())
			}
			for id := range pass.TypesInfo.Defs {
				if id.Name == "x" {
					got = append(got, r.Var(id))
				}
			}
			return nil, nil
		},
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax, Dir: dir, Overlay: map[string][]byte{name: buffer},
	}, ".")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil); err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0] != escape.Heap {
		t.Errorf("got %v, want heap once", got)
	}
}

// A listing is asked for once, and again when a file has changed.
func TestEdited(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/p\n\ngo 1.25\n")
	for _, test := range []struct {
		text string
		want escape.Verdict
	}{
		{"package p\n\nfunc f() int { x := 1; return x }\n", escape.Stack},
		{"package p\n\nimport \"os\"\n\nfunc f() *int { x := len(os.Args); return &x }\n", escape.Heap},
	} {
		write("p.go", test.text)
		var got escape.Verdict
		a := capture(func(pass *analysis.Pass, r *escape.Report) {
			if !r.Known() {
				t.Error(r.Why())
			}
			ast.Inspect(pass.Files[0], func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && id.Name == "x" && pass.TypesInfo.Defs[id] != nil {
					got = r.Var(id)
				}
				return true
			})
		})
		pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir}, ".")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil); err != nil {
			t.Fatal(err)
		}
		if got != test.want {
			t.Errorf("got %v, want %v", got, test.want)
		}
	}
}

// What is compiled against is what an imported package is now, though the package that
// imports it is as it was.
func TestEditedImport(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/p\n\ngo 1.25\n")
	write("p.go", "package p\n\nimport \"example.com/p/d\"\n\nfunc f() { x := 1; d.Use(&x) }\n")
	for _, test := range []struct {
		text string
		want escape.Verdict
	}{
		{"package d\n\nfunc Use(p *int) { *p++ }\n", escape.Stack},
		{"package d\n\nvar kept *int\n\nfunc Use(p *int) { kept = p }\n", escape.Heap},
	} {
		write("d/d.go", test.text)
		var got escape.Verdict
		asks := capture(func(pass *analysis.Pass, r *escape.Report) {
			if !r.Known() {
				t.Error(r.Why())
			}
			for id, obj := range pass.TypesInfo.Defs {
				if id.Name == "x" && obj != nil {
					got = r.Var(id)
				}
			}
		})
		as := escape.With(escape.GoList{PerPackage: true}, asks)
		pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir}, ".")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := checker.Analyze(as, pkgs, nil); err != nil {
			t.Fatal(err)
		}
		if got != test.want {
			t.Errorf("got %v, want %v", got, test.want)
		}
	}
}
