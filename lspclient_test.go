package heapvet_test

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/sourcegraph/jsonrpc2"
)

// A client is an editor without a screen, in conversation with a language server.
type client struct {
	t    *testing.T
	ctx  context.Context
	cmd  *exec.Cmd
	conn *jsonrpc2.Conn

	mu      sync.Mutex
	shown   map[string][]lspDiagnostic // by URI
	news    chan struct{}              // has a value when something is published
	version int
}

type lspDiagnostic struct {
	Range    lspRange `json:"range"`
	Severity int      `json:"severity"`
	Source   string   `json:"source"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
}

type lspRange struct {
	Start lspPosition `json:"start"`
	End   lspPosition `json:"end"`
}

type lspPosition struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

type lspEdit struct {
	Range   lspRange `json:"range"`
	NewText string   `json:"newText"`
}

type lspAction struct {
	Title string
	Kind  string
	Edit  *struct {
		DocumentChanges []struct{ Edits []lspEdit }
	}
}

type pipes struct {
	io.Reader
	io.WriteCloser
}

// startServer runs a language server in a directory and says hello.
func startServer(t *testing.T, dir, name string, args ...string) *client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	t.Cleanup(cancel)
	c := &client{t: t, ctx: ctx, cmd: exec.Command(name, args...), shown: make(map[string][]lspDiagnostic), news: make(chan struct{}, 1)}
	c.cmd.Dir = dir
	c.cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=")
	c.cmd.Stderr = os.Stderr
	stdin, err := c.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.cmd.Process.Kill() })
	c.conn = jsonrpc2.NewConn(ctx, jsonrpc2.NewBufferedStream(pipes{stdout, stdin}, jsonrpc2.VSCodeObjectCodec{}),
		jsonrpc2.HandlerWithError(c.handle))
	c.call("initialize", map[string]any{
		"processId": os.Getpid(),
		"rootUri":   fileURI(dir),
		"capabilities": map[string]any{
			"workspace":    map[string]any{"workspaceEdit": map[string]any{"documentChanges": true}},
			"textDocument": map[string]any{"codeAction": map[string]any{"codeActionLiteralSupport": map[string]any{"codeActionKind": map[string]any{"valueSet": []string{"quickfix"}}}}},
		},
	}, nil)
	c.notify("initialized", map[string]any{})
	return c
}

func (c *client) handle(_ context.Context, _ *jsonrpc2.Conn, req *jsonrpc2.Request) (any, error) {
	if req.Method == "textDocument/publishDiagnostics" {
		var p struct {
			URI         string
			Diagnostics []lspDiagnostic
		}
		if err := json.Unmarshal(*req.Params, &p); err != nil {
			return nil, err
		}
		c.mu.Lock()
		c.shown[p.URI] = p.Diagnostics
		c.mu.Unlock()
		select {
		case c.news <- struct{}{}:
		default:
		}
	}
	return nil, nil
}

func (c *client) call(method string, params, result any) {
	c.t.Helper()
	if err := c.conn.Call(c.ctx, method, params, result); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

func (c *client) notify(method string, params any) {
	c.t.Helper()
	if err := c.conn.Notify(c.ctx, method, params); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

func (c *client) open(file, text string) {
	c.version++
	c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": fileURI(file), "languageId": "go", "version": c.version, "text": text}})
}

// change replaces the text in the editor.
func (c *client) change(file, text string) {
	c.version++
	c.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": fileURI(file), "version": c.version},
		"contentChanges": []any{map[string]any{"text": text}},
	})
}

// save writes the text to the disk and says so.
func (c *client) save(file, text string) {
	c.t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		c.t.Fatal(err)
	}
	c.notify("textDocument/didSave", map[string]any{"textDocument": map[string]any{"uri": fileURI(file)}})
}

// shows waits until the diagnostics of a file, each as describe has it, are those wanted.
func (c *client) shows(when, file, want string, describe func(lspDiagnostic) string) []lspDiagnostic {
	c.t.Helper()
	uri := fileURI(file)
	for {
		c.mu.Lock()
		list := slices.Clone(c.shown[uri])
		c.mu.Unlock()
		slices.SortStableFunc(list, func(a, b lspDiagnostic) int { return a.Range.Start.Line - b.Range.Start.Line })
		var got []string
		for _, d := range list {
			if text := describe(d); text != "" {
				got = append(got, text)
			}
		}
		if strings.Join(got, " ") == want {
			return list
		}
		select {
		case <-c.news:
		case <-c.ctx.Done():
			c.t.Fatalf("%s: shown is %q and not %q", when, strings.Join(got, " "), want)
		}
	}
}

// fix asks for the quick fixes of a diagnostic and applies the first to the text.
func (c *client) fix(file, text string, d lspDiagnostic) string {
	c.t.Helper()
	var actions []lspAction
	c.call("textDocument/codeAction", map[string]any{
		"textDocument": map[string]any{"uri": fileURI(file)},
		"range":        d.Range,
		"context":      map[string]any{"diagnostics": []lspDiagnostic{d}, "only": []string{"quickfix"}},
	}, &actions)
	i := slices.IndexFunc(actions, func(a lspAction) bool { return a.Kind == "quickfix" && a.Edit != nil })
	if i < 0 {
		c.t.Fatalf("there is no quick fix for %s: %+v", d.Message, actions)
	}
	var edits []lspEdit
	for _, change := range actions[i].Edit.DocumentChanges {
		edits = append(edits, change.Edits...)
	}
	slices.SortStableFunc(edits, func(a, b lspEdit) int {
		return offsetOf(text, b.Range.Start) - offsetOf(text, a.Range.Start)
	})
	for _, e := range edits {
		text = text[:offsetOf(text, e.Range.Start)] + e.NewText + text[offsetOf(text, e.Range.End):]
	}
	return text
}

// offsetOf converts lines and UTF-16 columns to bytes.
func offsetOf(text string, p lspPosition) int {
	n := 0
	for range p.Line {
		n += strings.Index(text[n:], "\n") + 1
	}
	for units := 0; units < p.Character; {
		for i, r := range text[n:] {
			if i > 0 {
				n += i
				break
			}
			units += utf16.RuneLen(r)
		}
	}
	return n
}

// stop says good-bye, and expects that the server ends well.
func (c *client) stop() {
	c.t.Helper()
	c.call("shutdown", nil, nil)
	c.notify("exit", nil)
	if err := c.cmd.Wait(); err != nil {
		c.t.Errorf("the server: %v", err)
	}
}

func fileURI(file string) string { return "file://" + filepath.ToSlash(file) }

// code is what heapvet lsp calls a finding.
func code(d lspDiagnostic) string { return d.Code }
