package heapvet_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// edited has two findings, of which one has a fix.
const edited = `package m

func Pointers(in []int) []*int {
	var out []*int
	for i := range in {
		out = append(out, &in[i]) // ä
	}
	return out
}

func First(f func() int) int {
	c := make(chan int)
	for range 2 {
		go func() { c <- f() }()
	}
	return <-c
}
`

func editedModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/m\n\ngo 1.26\n", "a.go": edited} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestLanguageServer speaks with the real command.
func TestLanguageServer(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the command")
	}
	dir := editedModule(t)
	file := filepath.Join(dir, "a.go")
	c := startServer(t, dir, buildHeapvet(t), "lsp")
	c.open(file, edited)
	c.shows("opened", file, "prealloc/slice lostgoroutine/first-wins", code)
	c.stop()
}

// hosts is the environment variable that asks for the tests with real editors.
const hosts = "HEAPVET_HOSTS"

// TestNeovim looks at what a user of Neovim sees. It needs nvim, and the environment
// variable HEAPVET_HOSTS=1.
func TestNeovim(t *testing.T) {
	if os.Getenv(hosts) == "" {
		t.Skip("set " + hosts + "=1 to run it")
	}
	if _, err := exec.LookPath("nvim"); err != nil {
		t.Skip("there is no nvim; the package neovim of Debian has it")
	}
	dir := editedModule(t)
	script, err := filepath.Abs("testdata/hosts/neovim.lua")
	if err != nil {
		t.Fatal(err)
	}
	result := filepath.Join(t.TempDir(), "result")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "nvim", "--headless", "--clean", "-n", "-S", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "HEAPVET="+buildHeapvet(t), "RESULT="+result)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("nvim: %v\n%s", err, out)
	}
	got, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	const want = `opened: 14:15 lostgoroutine/first-wins, 4:6 prealloc/slice
edited: 
saved: 15:15 lostgoroutine/first-wins, 5:6 prealloc/slice
offered: reserve room for len(in) elements before the loop
fixed: 18:15 lostgoroutine/first-wins
`
	if text, ok := strings.CutPrefix(string(got), want); !ok || !strings.HasPrefix(text, "explained: ") {
		t.Errorf("Neovim shows\n%s\nand not\n%s", got, want)
	}
}

// buildHeapvet builds the command and returns its path.
func buildHeapvet(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "heapvet")
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", tool, "./cmd/heapvet").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return tool
}
