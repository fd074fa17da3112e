package lsp

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/heapvet/heapvet/internal/source"
)

// replace makes found the findings of those files of a directory that are meant.
func (s *Server) replace(ctx context.Context, dir string, found []*finding, meant func(file string) bool) {
	files := make(map[string]bool)
	for file := range s.found {
		if filepath.Dir(file) == dir && meant(file) {
			files[file] = true
			delete(s.found, file)
		}
	}
	for _, f := range found {
		if filepath.Dir(f.file) == dir && meant(f.file) {
			files[f.file] = true
			s.found[f.file] = append(s.found[f.file], f)
		}
	}
	for file := range files {
		s.publish(ctx, file)
	}
}

// publish shows the findings of a file, or none if they are about another text.
func (s *Server) publish(ctx context.Context, file string) {
	p := publishParams{URI: source.URI(file), Diagnostics: []diagnostic{}}
	b := s.open[file]
	if b != nil {
		p.Version = b.version
	}
	if b == nil || !b.stale {
		p.Diagnostics = slices.Grow(p.Diagnostics, len(s.found[file]))
		for _, f := range s.found[file] {
			p.Diagnostics = append(p.Diagnostics, f.diagnostic)
		}
	}
	if len(p.Diagnostics) == 0 && !s.shown[file] {
		return
	}
	s.shown[file] = len(p.Diagnostics) > 0
	s.notify(ctx, "textDocument/publishDiagnostics", p)
}

// tell shows the user a message, once.
func (s *Server) tell(ctx context.Context, kind int, text string) {
	if !s.told[text] {
		s.told[text] = true
		s.notify(ctx, "window/showMessage", messageParams{kind, text})
	}
}

func (s *Server) notify(ctx context.Context, method string, params any) {
	if err := s.conn.Notify(ctx, method, params); err != nil && ctx.Err() == nil {
		s.Logf("%s: %v", method, err)
	}
}
