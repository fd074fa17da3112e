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

// edited has two findings, of which one has a fix, and one that is of go vet.
const edited = `package m

func Vet(x int) { x = x }

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
	heapvet := buildHeapvet(t)
	c := startServer(t, dir, heapvet, "lsp", "-live")
	c.open(file, edited)
	c.shows("opened", file, "prealloc/slice lostgoroutine/first-wins", code)

	// What is imported anew waits for the go command.
	text := withSum(edited)
	c.change(file, text)
	c.save(file, text)
	list := c.shows("saved", file, "prealloc/slice lostgoroutine/first-wins hotescape/interface-buffer", code)

	text = c.fix(file, text, list[0])
	c.change(file, text)
	c.save(file, text)
	c.shows("fixed", file, "lostgoroutine/first-wins hotescape/interface-buffer", code)
	c.change(file, "// nobody saves this\n"+mendSum(text))
	list = c.shows("mended", file, "lostgoroutine/first-wins", code)
	if line := list[0].Range.Start.Line; line != 22 {
		t.Errorf("in the text that is not saved, the finding is in line %d", line)
	}
	c.change(file, "func")
	c.shows("broken", file, "", code)
	c.stop()

	// An editor that goes away without a word takes the analysis with it.
	c = startServer(t, dir, heapvet, "lsp")
	c.open(file, text)
	c.conn.Close()
	if err := c.cmd.Wait(); err == nil || c.cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("when the editor was gone, heapvet lsp ended with %v", err)
	}
}

// withSum adds a function with a finding that needs the word of the compiler, and an import.
func withSum(text string) string {
	return strings.Replace(text, "package m\n", "package m\n\nimport \"io\"\n", 1) + `
func Sum(r io.Reader) (total int) {
	for {
		var word [4]byte
		if _, err := io.ReadFull(r, word[:]); err != nil {
			return total
		}
		total += int(word[0])
	}
}
`
}

func mendSum(text string) string {
	return strings.Replace(text, "\tfor {\n\t\tvar word [4]byte\n", "\tvar word [4]byte\n\tfor {\n", 1)
}

// hosts is the environment variable that asks for the tests with real editors.
const hosts = "HEAPVET_HOSTS"

// TestEditors looks at what a user of Neovim sees of "heapvet lsp" alone, of it beside
// gopls, and of the gopls that carries the checks. It needs the environment
// variable HEAPVET_HOSTS=1, and nvim.
func TestEditors(t *testing.T) {
	if os.Getenv(hosts) == "" {
		t.Skip("set " + hosts + "=1 to run it")
	}
	carrier := buildGopls(t, ".")
	t.Run("gopls with the checks", func(t *testing.T) { testGopls(t, carrier) })
	if _, err := exec.LookPath("nvim"); err != nil {
		t.Skip("there is no nvim; the package neovim of Debian has it")
	}
	heapvet := buildHeapvet(t)
	t.Run("neovim", func(t *testing.T) {
		neovim(t, `opened: 16:15 lostgoroutine/first-wins, 6:6 prealloc/slice
edited: 
saved: 17:15 lostgoroutine/first-wins, 7:6 prealloc/slice
offered: reserve room for len(in) elements before the loop
fixed: 20:15 lostgoroutine/first-wins
explained: `, withHeapvet(t, heapvet))
	})
	t.Run("neovim with gopls beside", func(t *testing.T) {
		neovim(t, `opened: 16:15 lostgoroutine/first-wins, 3:19 assign:default, 6:6 prealloc/slice
edited: 4:19 assign:default
saved: 17:15 lostgoroutine/first-wins, 4:19 assign:default, 7:6 prealloc/slice
offered: reserve room for len(in) elements before the loop
fixed: 20:15 lostgoroutine/first-wins, 6:19 assign:default
explained: `, withHeapvet(t, heapvet), "GOPLS="+buildGopls(t, "golang.org/x/tools/gopls"))
	})
	t.Run("neovim with gopls with the checks", func(t *testing.T) {
		neovim(t, `opened: 16:15 lostgoroutine:first-wins, 3:19 assign:default, 6:6 prealloc:slice
edited: 17:15 lostgoroutine:first-wins, 4:19 assign:default, 7:6 prealloc:slice
saved: 17:15 lostgoroutine:first-wins, 4:19 assign:default, 7:6 prealloc:slice
offered: reserve room for len(in) elements before the loop
fixed: 20:15 lostgoroutine:first-wins, 6:19 assign:default
`, "GOPLS="+carrier, "CARRIES=1")
	})
}

// neovim runs testdata/hosts/neovim.lua with the servers that env names.
func neovim(t *testing.T, want string, env ...string) {
	dir := filepath.Join(t.TempDir(), "a module@1, edited")
	if err := os.Rename(editedModule(t), dir); err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs("testdata/hosts/neovim.lua")
	if err != nil {
		t.Fatal(err)
	}
	result := filepath.Join(t.TempDir(), "result")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "nvim", "--headless", "--clean", "-n", "-S", script, "-c", "qall!")
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOFLAGS=", "GOWORK=off", "RESULT="+result), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("nvim: %v\n%s", err, out)
	}
	got, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(got), want) {
		t.Errorf("Neovim shows\n%s\nand not\n%s", got, want)
	}
}

// withHeapvet returns the environment in which Neovim runs "heapvet lsp" as "heapvet init nvim"
// sets it up.
func withHeapvet(t *testing.T, heapvet string) string {
	t.Helper()
	dir := t.TempDir()
	run(t, dir, []int{0}, heapvet, "init", "nvim")
	t.Setenv("PATH", filepath.Dir(heapvet)+string(os.PathListSeparator)+os.Getenv("PATH"))
	return "HEAPVET=" + filepath.Join(dir, ".nvim", "heapvet.lua")
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
