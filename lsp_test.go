package heapvet_test

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"
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
	cmd := exec.Command(buildHeapvet(t), "lsp")
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	type published struct {
		Diagnostics []struct{ Code, Message string }
	}
	shown := make(chan published, 10)
	conn := jsonrpc2.NewConn(context.Background(), jsonrpc2.NewBufferedStream(pipes{stdout, stdin}, jsonrpc2.VSCodeObjectCodec{}),
		jsonrpc2.HandlerWithError(func(ctx context.Context, conn *jsonrpc2.Conn, req *jsonrpc2.Request) (any, error) {
			if req.Method != "textDocument/publishDiagnostics" {
				t.Errorf("%s %s", req.Method, *req.Params)
				return nil, nil
			}
			var p published
			err := json.Unmarshal(*req.Params, &p)
			shown <- p
			return nil, err
		}))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	send := func(method string, params any) {
		if err := conn.Notify(ctx, method, params); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Call(ctx, "initialize", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	send("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": "file://" + filepath.ToSlash(filepath.Join(dir, "a.go")), "languageId": "go", "version": 1, "text": edited}})
	select {
	case p := <-shown:
		var codes []string
		for _, d := range p.Diagnostics {
			codes = append(codes, d.Code)
		}
		if got := strings.Join(codes, " "); got != "prealloc/slice lostgoroutine/first-wins" {
			t.Errorf("shown: %s", got)
		}
	case <-ctx.Done():
		t.Fatal("nothing is shown")
	}
	if err := conn.Call(ctx, "shutdown", nil, nil); err != nil {
		t.Fatal(err)
	}
	send("exit", nil)
	if err := cmd.Wait(); err != nil {
		t.Errorf("heapvet lsp: %v", err)
	}
}

type pipes struct {
	io.Reader
	io.WriteCloser
}

// hosts is the environment variable that asks for the tests with real editors.
const hosts = "HEAPVET_HOSTS"

// TestNeovim looks at what a user of Neovim sees. It needs nvim, and the environment
// variable HEAPVET_HOSTS=1.
func TestNeovim(t *testing.T) {
	if os.Getenv(hosts) == "" {
		t.Skip("set " + hosts + "=1 to run it")
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
