// Package lsp is a language server that shows what heapvet finds, beside gopls.
//
// It analyses what is saved: a finding is withdrawn when its file is edited, and what
// is true of the new text appears when it is saved. The analysis itself is done by the
// command, in processes of its own, so that an editor shows exactly what the command
// prints, and a failure there is none here.
package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"sync"

	"github.com/sourcegraph/jsonrpc2"
)

// A Server answers one editor.
type Server struct {
	// Run runs heapvet with arguments in a directory, until the context ends.
	Run func(ctx context.Context, dir string, args ...string) Output
	// Again, if there is one, analyses the package in a directory with what the last Run
	// there has learned of its imports, and with other texts of some files. It tells
	// what Run prints, and the files that it speaks of; perhaps more than once, when it knows
	// more. An error says that Run must do it.
	Again func(ctx context.Context, dir string, texts map[string]string, tell func(stdout []byte, files []string)) error
	// Live asks for the analysis of texts that are not saved yet.
	Live bool
	// Flags are given to each analysis.
	Flags   []string
	Version string
	// Sure reports whether the findings of a check are trusted enough for warnings.
	Sure func(check string) bool
	// URL returns the address of the page of a check.
	URL func(check string) string
	// Logf receives lines about what went wrong.
	Logf func(format string, args ...any)

	mu       sync.Mutex
	conn     *jsonrpc2.Conn
	requests map[jsonrpc2.ID]context.CancelFunc // that are being answered
	down     bool                               // the editor said that it goes away
	open     map[string]*buffer                 // by file name
	found    map[string][]*finding              // by file name
	shown    map[string]bool                    // files with findings in the editor
	told     map[string]bool                    // what the user has been told
	queues   map[string]*queue                  // by root of a module
	work     sync.WaitGroup
}

// Output is what a run of heapvet left behind.
type Output struct {
	Stdout, Stderr []byte
	Code           int   // its exit code
	Err            error // if it did not run to its end
}

// A buffer is a file that is open in the editor.
type buffer struct {
	version *int
	dirty   bool    // it has changed since it was opened or saved
	stale   bool    // it has changed since its findings were found
	text    *string // while it is dirty, if it is known
}

// Serve speaks with the editor until it ends the conversation, and returns the exit
// code that the protocol asks for: 0 if the editor said that it goes away, or else 1.
func (s *Server) Serve(ctx context.Context, stream io.ReadWriteCloser) int {
	s.requests = make(map[jsonrpc2.ID]context.CancelFunc)
	s.open = make(map[string]*buffer)
	s.found = make(map[string][]*finding)
	s.shown = make(map[string]bool)
	s.told = make(map[string]bool)
	s.queues = make(map[string]*queue)
	ctx, cancel := context.WithCancel(ctx)
	conn := jsonrpc2.NewConn(ctx, jsonrpc2.NewBufferedStream(stream, jsonrpc2.VSCodeObjectCodec{}), s, jsonrpc2.SetLogger(logger(s.Logf)))
	<-conn.DisconnectNotify()
	cancel()
	s.work.Wait() // no process outlives the conversation
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return 0
	}
	return 1
}

type logger func(format string, args ...any)

func (l logger) Printf(format string, args ...any) { l(format, args...) }

// Handle answers one message; it implements jsonrpc2.Handler. Messages come one after
// the other, so that what takes time is done beside them.
func (s *Server) Handle(ctx context.Context, conn *jsonrpc2.Conn, req *jsonrpc2.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn = conn
	switch req.Method {
	case "textDocument/hover", "workspace/executeCommand":
		ctx, cancel := context.WithCancel(ctx)
		s.requests[req.ID] = cancel
		s.work.Go(func() {
			result, err := s.explain(ctx, req)
			if ctx.Err() != nil {
				err = &jsonrpc2.Error{Code: codeCancelled, Message: "cancelled"}
			}
			cancel()
			s.mu.Lock()
			delete(s.requests, req.ID)
			s.mu.Unlock()
			s.reply(ctx, conn, req, result, err)
		})
	default:
		result, err := s.handle(ctx, conn, req)
		s.reply(ctx, conn, req, result, err)
	}
}

const codeCancelled = -32800 // RequestCancelled

func (s *Server) reply(ctx context.Context, conn *jsonrpc2.Conn, req *jsonrpc2.Request, result any, err error) {
	ctx = context.WithoutCancel(ctx)
	switch {
	case req.Notif && err != nil:
		s.Logf("%s: %v", req.Method, err)
		return
	case req.Notif:
		return
	case err == nil:
		err = conn.Reply(ctx, req.ID, result)
	default:
		answer, ok := err.(*jsonrpc2.Error)
		if !ok {
			answer = &jsonrpc2.Error{Code: jsonrpc2.CodeInternalError, Message: err.Error()}
		}
		err = conn.ReplyWithError(ctx, req.ID, answer)
	}
	if err != nil && err != jsonrpc2.ErrClosed {
		s.Logf("%s: %v", req.Method, err)
	}
}

// handle answers what takes no time. The server is locked.
func (s *Server) handle(ctx context.Context, conn *jsonrpc2.Conn, req *jsonrpc2.Request) (any, error) {
	if s.down && req.Method != "exit" {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "the server was shut down"}
	}
	switch req.Method {
	case "initialize":
		var p initializeParams
		if req.Params != nil {
			json.Unmarshal(*req.Params, &p) // none of it is necessary
		}
		s.Live = s.Live || p.Options.Live
		return s.initialize(), nil
	case "textDocument/didOpen", "textDocument/didSave":
		return onFile(req, func(file string, d document) { s.saved(ctx, file, d) })
	case "textDocument/didChange":
		var p changeParams
		if err := decode(req, &p); err != nil {
			return nil, err
		}
		return onFile(req, func(file string, d document) { s.changed(ctx, file, d, p.text()) })
	case "textDocument/didClose":
		return onFile(req, func(file string, d document) { s.closed(ctx, file) })
	case "textDocument/codeAction":
		var p codeActionParams
		if err := decode(req, &p); err != nil {
			return nil, err
		}
		return s.codeActions(p)
	case "$/cancelRequest":
		var p struct {
			ID jsonrpc2.ID `json:"id"`
		}
		if err := decode(req, &p); err != nil {
			return nil, err
		}
		if cancel := s.requests[p.ID]; cancel != nil {
			cancel()
		}
		return nil, nil
	case "shutdown":
		s.down = true
		for _, q := range s.queues {
			q.stop()
		}
		for _, cancel := range s.requests {
			cancel()
		}
		return nil, nil
	case "exit":
		return nil, conn.Close()
	}
	if req.Notif {
		return nil, nil // "initialized", and what else needs no answer
	}
	return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: "heapvet does not know " + req.Method}
}

func (s *Server) initialize() any {
	r := initializeResult{ServerInfo: serverInfo{"heapvet", s.Version}}
	sync := &r.Capabilities.TextDocumentSync
	sync.OpenClose, sync.Change, sync.Save = true, syncDifferences, true
	if s.Live && s.Again != nil {
		sync.Change = syncFull
	}
	r.Capabilities.CodeAction.Kinds = []string{kindFix, kindExplain}
	r.Capabilities.Command.Commands = []string{explainCommand}
	r.Capabilities.Hover = true
	return r
}

func decode(req *jsonrpc2.Request, params any) error {
	if req.Params == nil {
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: "there are no parameters"}
	}
	if err := json.Unmarshal(*req.Params, params); err != nil {
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: err.Error()}
	}
	return nil
}

// onFile calls do for a message about a Go file on this machine, and ignores others.
func onFile(req *jsonrpc2.Request, do func(file string, d document)) (any, error) {
	var p documentParams
	if err := decode(req, &p); err != nil {
		return nil, err
	}
	if file, err := fileOf(p.TextDocument.URI); err != nil {
		return nil, err
	} else if strings.HasSuffix(file, ".go") {
		do(file, p.TextDocument)
	}
	return nil, nil
}

// fileOf returns the path in a file: URI.
func fileOf(uri string) (string, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return "", &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: fmt.Sprintf("%q is no file", uri)}
	}
	path := u.Path
	if len(path) > 2 && path[0] == '/' && path[2] == ':' {
		path = path[1:] // a drive
	}
	return filepath.Clean(filepath.FromSlash(path)), nil
}
