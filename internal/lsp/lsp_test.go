package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/heapvet/heapvet/internal/source"
)

// An editor is the other side of a conversation with a server.
type editor struct {
	t         *testing.T
	conn      *jsonrpc2.Conn
	stream    net.Conn
	published chan publishParams
	messages  chan messageParams
	exit      chan int
}

func (e *editor) Handle(ctx context.Context, conn *jsonrpc2.Conn, req *jsonrpc2.Request) {
	switch req.Method {
	case "textDocument/publishDiagnostics":
		var p publishParams
		if err := json.Unmarshal(*req.Params, &p); err != nil {
			e.t.Error(err)
		}
		e.published <- p
	case "window/showMessage":
		var p messageParams
		if err := json.Unmarshal(*req.Params, &p); err != nil {
			e.t.Error(err)
		}
		e.messages <- p
	default:
		e.t.Errorf("the server sent %s", req.Method)
	}
}

// start lets an editor speak with a server.
func start(t *testing.T, s *Server) *editor {
	t.Helper()
	ours, theirs := net.Pipe()
	e := &editor{t: t, stream: ours, published: make(chan publishParams, 20), messages: make(chan messageParams, 20), exit: make(chan int, 1)}
	s.Logf, s.URL = t.Logf, func(check string) string { return "https://example.com/" + check }
	go func() { e.exit <- s.Serve(t.Context(), theirs) }()
	e.conn = jsonrpc2.NewConn(context.Background(), jsonrpc2.NewBufferedStream(ours, jsonrpc2.VSCodeObjectCodec{}), e, jsonrpc2.SetLogger(logger(t.Logf)))
	t.Cleanup(func() { e.conn.Close() })
	e.call("initialize", map[string]any{}, nil)
	e.notify("initialized", map[string]any{})
	return e
}

func (e *editor) call(method string, params, result any) {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(e.t.Context(), time.Minute)
	defer cancel()
	if err := e.conn.Call(ctx, method, params, result); err != nil {
		e.t.Fatalf("%s: %v", method, err)
	}
}

func (e *editor) notify(method string, params any) {
	e.t.Helper()
	if err := e.conn.Notify(e.t.Context(), method, params); err != nil {
		e.t.Fatalf("%s: %v", method, err)
	}
}

// did sends a notification about a file.
func (e *editor) did(what, file string, version int) {
	e.t.Helper()
	e.notify("textDocument/did"+what, documentParams{document{source.URI(file), &version}})
}

func receive[T any](t *testing.T, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(time.Minute):
		t.Fatalf("there is no %s", what)
	}
	return v
}

// moduleWith writes a module of one file and returns its path.
func moduleWith(t *testing.T, text string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a module@1")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"go.mod": "module m\n\ngo 1.26\n", "a.go": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "a.go")
}

// foundX returns what heapvet would print of the x in a file.
func foundX(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
	}
	return foundIn(t, file, string(data))
}

// foundIn returns what heapvet would print of the x in the text of a file.
func foundIn(t *testing.T, file, text string) []byte {
	at := strings.Index(text, "x")
	line := 1 + strings.Count(text[:at], "\n")
	col := at - strings.LastIndex(text[:at], "\n")
	out, err := json.Marshal(map[string]any{"m": map[string]any{"some": []any{map[string]any{
		"category": "kind",
		"posn":     fmt.Sprintf("%s:%d:%d", file, line, col),
		"end":      fmt.Sprintf("%s:%d:%d", file, line, col+1),
		"message":  "x is bad",
		"related":  []any{map[string]any{"posn": file + ":1:1", "end": file + ":1:8", "message": "here"}},
		"suggested_fixes": []any{map[string]any{"message": "use y", "edits": []any{
			map[string]any{"filename": file, "start": at, "end": at + 1, "new": "y"}}}},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestConversation: what is found appears when a file is opened, with columns in
// UTF-16, is withdrawn when the file is edited, and appears again where it is then.
func TestConversation(t *testing.T) {
	file := moduleWith(t, "package m\n\nvar _ = \"ä😀\" + x\n")
	e := start(t, &Server{Flags: []string{"-all"}, Run: func(ctx context.Context, dir string, args ...string) Output {
		if args[0] == "explain" {
			return Output{Stdout: []byte("told " + filepath.Base(args[1]) + "\n")}
		}
		if dir != filepath.Dir(file) || !slices.Equal(args, []string{"-all", "-json", "."}) {
			t.Errorf("heapvet %q in %s", args, dir)
		}
		return Output{Stdout: foundX(t, file), Code: 1}
	}})
	e.did("Open", file, 1)
	p := receive(t, e.published, "diagnostic")
	if p.URI != source.URI(file) || !strings.Contains(p.URI, "a%20module@1") || *p.Version != 1 || len(p.Diagnostics) != 1 {
		t.Fatalf("published: %+v", p)
	}
	d := p.Diagnostics[0]
	x := textRange{textPosition{2, 16}, textPosition{2, 17}}
	if d.Range != x || d.Code != "some/kind" || d.Source != "heapvet" || d.CodeInfo.Href != "https://example.com/some" || len(d.Information) != 1 {
		t.Errorf("the diagnostic is %+v", d)
	}

	var actions []codeAction
	e.call("textDocument/codeAction", map[string]any{"textDocument": document{URI: source.URI(file)}, "range": x, "context": map[string]any{}}, &actions)
	if len(actions) != 2 || actions[0].Title != "use y" || actions[1].Command == nil {
		t.Fatalf("the actions are %+v", actions)
	}
	change := actions[0].Edit.DocumentChanges[0]
	if *change.TextDocument.Version != 1 || !slices.Equal(change.Edits, []textEdit{{x, "y"}}) {
		t.Errorf("the edit is %+v", change)
	}
	e.call("workspace/executeCommand", actions[1].Command, nil)
	if m := receive(t, e.messages, "message"); m.Message != "told a.go:3" {
		t.Errorf("the explanation is %q", m.Message)
	}
	var h hover
	e.call("textDocument/hover", positionParams{document{URI: source.URI(file)}, x.Start}, &h)
	if !strings.Contains(h.Contents.Value, "told a.go:3") {
		t.Errorf("the hover is %q", h.Contents.Value)
	}
	e.call("textDocument/codeAction", map[string]any{"textDocument": document{URI: source.URI(file)}, "range": x, "context": map[string]any{"only": []string{"source"}}}, &actions)
	if len(actions) != 0 {
		t.Errorf("actions of a kind that nobody asked for: %+v", actions)
	}

	e.did("Change", file, 2)
	if p := receive(t, e.published, "withdrawal"); len(p.Diagnostics) != 0 || *p.Version != 2 {
		t.Errorf("while the file is edited, it shows %+v", p)
	}
	e.call("textDocument/codeAction", map[string]any{"textDocument": document{URI: source.URI(file)}, "range": x, "context": map[string]any{}}, &actions)
	if len(actions) != 0 {
		t.Errorf("while the file is edited, it offers %+v", actions)
	}

	if err := os.WriteFile(file, []byte("package m\n\n// new\nvar _ = x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	e.notify("textDocument/didSave", documentParams{document{URI: source.URI(file)}})
	if p := receive(t, e.published, "diagnostic"); len(p.Diagnostics) != 1 || p.Diagnostics[0].Range.Start != (textPosition{3, 8}) || *p.Version != 2 {
		t.Errorf("after it was saved, it shows %+v", p)
	}
	e.did("Close", file, 2)
	if p := receive(t, e.published, "withdrawal"); len(p.Diagnostics) != 0 {
		t.Errorf("when it is closed, it shows %+v", p)
	}

	e.call("shutdown", nil, nil)
	if err := e.conn.Call(t.Context(), "textDocument/hover", nil, nil); err == nil {
		t.Error("the server answers after it was shut down")
	}
	e.notify("exit", nil)
	if code := receive(t, e.exit, "exit"); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestSeverity: a warning is what the command tells by default, and nothing else.
func TestSeverity(t *testing.T) {
	s := &Server{Sure: func(check string) bool { return check != "opt" }, URL: func(string) string { return "" }}
	found, err := s.parse([]byte(`{"m": {
		"on": [{"posn": "/m/a.go:1:1", "message": "sure"}, {"posn": "/m/a.go:2:1", "confidence": "medium", "message": "unsure"}],
		"opt": [{"posn": "/m/a.go:3:1", "message": "asked for"}]
	}}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	var severities []int
	for _, f := range found {
		severities = append(severities, f.Severity)
	}
	if want := []int{severityWarning, severityInformation, severityInformation}; !slices.Equal(severities, want) {
		t.Errorf("severities %d, want %d", severities, want)
	}
}

// TestSaveWhileRunning: an analysis of a text that is no more is ended, and no two run
// at once.
func TestSaveWhileRunning(t *testing.T) {
	file := moduleWith(t, "package m\n\nvar _ = x\n")
	started, ended := make(chan int, 10), make(chan int, 10)
	runs := 0
	e := start(t, &Server{Run: func(ctx context.Context, dir string, args ...string) Output {
		runs++ // a race if two run at once
		n := runs
		started <- n
		if n == 1 {
			<-ctx.Done()
			ended <- n
			return Output{Err: ctx.Err()}
		}
		return Output{Stdout: foundX(t, file)}
	}})
	e.did("Open", file, 1)
	receive(t, started, "run")
	e.did("Save", file, 1)
	receive(t, ended, "end of the first run")
	if n := receive(t, started, "second run"); n != 2 {
		t.Errorf("run %d", n)
	}
	if p := receive(t, e.published, "diagnostic"); len(p.Diagnostics) != 1 {
		t.Errorf("published: %+v", p)
	}
	if len(e.messages) > 0 {
		t.Errorf("the user was told: %q", (<-e.messages).Message)
	}
}

// TestEditorDies: nothing goes on when the editor went away without a word.
func TestEditorDies(t *testing.T) {
	file := moduleWith(t, "package m\n")
	started := make(chan bool, 1)
	e := start(t, &Server{Run: func(ctx context.Context, dir string, args ...string) Output {
		started <- true
		<-ctx.Done()
		return Output{Err: ctx.Err()}
	}})
	e.did("Open", file, 1)
	receive(t, started, "run")
	e.stream.Close()
	if code := receive(t, e.exit, "exit"); code != 1 {
		t.Errorf("exit code %d", code)
	}
}

func TestBadMessages(t *testing.T) {
	e := start(t, &Server{Run: func(context.Context, string, ...string) Output { return Output{Stdout: []byte("{}")} }})
	for method, params := range map[string]any{
		"textDocument/definition":  map[string]any{},
		"textDocument/codeAction":  []int{1},
		"textDocument/hover":       nil,
		"workspace/executeCommand": commandParams{Command: "rm"},
	} {
		if err := e.conn.Call(t.Context(), method, params, nil); err == nil {
			t.Errorf("%s has an answer", method)
		}
	}
	e.notify("textDocument/didOpen", documentParams{document{URI: "untitled:1"}})
	e.notify("textDocument/didOpen", nil)
	e.notify("textDocument/somethingNew", nil)
	e.call("initialize", map[string]any{}, nil) // it is still there

	if _, err := e.stream.Write([]byte("Content-Length: 5\r\n\r\n{]}{}")); err != nil {
		t.Fatal(err)
	}
	if code := receive(t, e.exit, "exit"); code != 1 {
		t.Errorf("exit code %d", code)
	}
}

// TestFailure: what keeps heapvet from running is told once.
func TestFailure(t *testing.T) {
	file := moduleWith(t, "package m\n")
	ran := make(chan bool, 10)
	e := start(t, &Server{Run: func(context.Context, string, ...string) Output {
		defer func() { ran <- true }()
		return Output{Stderr: []byte("heapvet: was built with an old Go\n"), Code: 2}
	}})
	e.did("Open", file, 1)
	if m := receive(t, e.messages, "message"); !strings.Contains(m.Message, "old Go") || m.Type != messageError {
		t.Errorf("the user was told %+v", m)
	}
	e.did("Save", file, 1)
	receive(t, ran, "run")
	receive(t, ran, "run")
	e.call("initialize", map[string]any{}, nil)
	if len(e.messages) > 0 {
		t.Errorf("the user was told again: %q", (<-e.messages).Message)
	}
}

// TestAgain: after a save, what is found without the go command appears, and then what the go
// command finds; the two do not run at once. In live mode, so it is with what is not saved.
func TestAgain(t *testing.T) {
	file := moduleWith(t, "package m\n\nvar _ = x\n")
	other := filepath.Join(filepath.Dir(file), "b.go")
	var running atomic.Int32
	busy := func(what string) func() {
		if running.Add(1) != 1 {
			t.Errorf("%s while something else runs", what)
		}
		return func() { running.Add(-1) }
	}
	kept := false
	finish := make(chan bool, 1)
	e := start(t, &Server{
		Live: true,
		Sure: func(string) bool { return false },
		Run: func(ctx context.Context, dir string, args ...string) Output {
			defer busy("go vet")()
			if kept {
				select { // it takes long
				case <-finish:
				case <-ctx.Done():
					return Output{Err: ctx.Err()}
				}
			}
			kept = true
			return Output{Stdout: foundX(t, file)}
		},
		Again: func(ctx context.Context, dir string, texts map[string]string, tell func([]byte, []string)) error {
			defer busy("a repetition")()
			if text, ok := texts[file]; ok {
				tell(foundIn(t, file, text), []string{file})
				return nil
			}
			if len(texts) > 0 {
				t.Errorf("texts: %v", texts)
			}
			tell(foundX(t, file), []string{file})
			return nil
		},
	})
	e.did("Open", file, 1)
	line := func(when string, want int) {
		t.Helper()
		p := receive(t, e.published, "diagnostic")
		switch {
		case want < 0 && len(p.Diagnostics) > 0:
			t.Fatalf("%s: shown is %+v", when, p)
		case want >= 0 && (len(p.Diagnostics) != 1 || p.Diagnostics[0].Range.Start.Line != want):
			t.Fatalf("%s: shown is %+v", when, p)
		case want >= 0 && p.Diagnostics[0].Severity != severityInformation:
			t.Errorf("%s: severity %d", when, p.Diagnostics[0].Severity)
		}
	}
	line("opened", 2)
	e.did("Open", other, 1) // go vet is still at it when something is typed

	const text = "package m\n\n// 😀\nvar _ = x\n"
	e.notify("textDocument/didChange", map[string]any{
		"textDocument":   document{URI: source.URI(file)},
		"contentChanges": []any{map[string]any{"text": text}},
	})
	line("edited", -1)
	line("a moment later", 3)
	var actions []codeAction
	at := textRange{textPosition{3, 8}, textPosition{3, 9}}
	e.call("textDocument/codeAction", map[string]any{"textDocument": document{URI: source.URI(file)}, "range": at, "context": map[string]any{}}, &actions)
	if len(actions) != 1 || actions[0].Title != "use y" {
		t.Errorf("the actions for a text that is not saved are %+v", actions)
	}

	if err := os.WriteFile(file, []byte("package m\n\n\n"+text[11:]), 0o666); err != nil {
		t.Fatal(err)
	}
	e.notify("textDocument/didSave", documentParams{document{URI: source.URI(file)}})
	line("saved", 4)
	finish <- true
	line("looked at by go vet", 4)
}

// TestNoPackage: a file that belongs to no package that can be looked at is told with what to do;
// a package that does not compile is not, for gopls says it better.
func TestNoPackage(t *testing.T) {
	for stderr, want := range map[string]string{
		"heapvet: go: go.mod file not found in current directory or any parent directory; see 'go help modules'\n": "go mod init",
		"heapvet: m/sub was not analysed:\n\tbuild constraints exclude all Go files in /m/sub\n":                   "-tags",
		"heapvet: m/sub was not analysed:\n\t./s.go:3:12: declared and not used: x\n":                              "",
	} {
		file := moduleWith(t, "package m\n")
		ran := make(chan bool, 1)
		e := start(t, &Server{Run: func(context.Context, string, ...string) Output {
			defer func() { ran <- true }()
			return Output{Stdout: []byte("{}"), Stderr: []byte(stderr), Code: exitFailure}
		}})
		e.did("Open", file, 1)
		if want != "" {
			if m := receive(t, e.messages, "message"); !strings.Contains(m.Message, want) || m.Type != messageInfo {
				t.Errorf("on %q the user was told %+v", stderr, m)
			}
			continue
		}
		receive(t, ran, "run")
		e.call("initialize", map[string]any{}, nil)
		if len(e.messages) > 0 {
			t.Errorf("on %q the user was told %+v", stderr, <-e.messages)
		}
	}
}

func TestModuleRoot(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"ws/go.work", "ws/a/go.mod", "ws/b/go.mod", "c/go.mod"} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for of, want := range map[string]string{"ws/a/x": "ws", "ws/b": "ws", "c/x/y": "c", "d": "d"} {
		if got := moduleRoot(filepath.Join(dir, filepath.FromSlash(of))); got != filepath.Join(dir, want) {
			t.Errorf("the root of %s is %s", of, got)
		}
	}
}
