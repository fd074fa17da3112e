package lsp

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/heapvet/heapvet/internal/source"
)

const (
	kindFix        = "quickfix"
	kindExplain    = "heapvet.explain"
	explainCommand = "heapvet.explain"
)

// codeActions offers the fixes of the findings in a range, and to explain what its
// first line allocates.
func (s *Server) codeActions(p codeActionParams) ([]codeAction, error) {
	file, err := fileOf(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	actions := []codeAction{}
	b := s.open[file]
	if b == nil || b.stale {
		return actions, nil // the findings are about another text
	}
	wanted := func(kind string) bool {
		return len(p.Context.Only) == 0 || slices.ContainsFunc(p.Context.Only, func(only string) bool {
			return kind == only || strings.HasPrefix(kind, only+".")
		})
	}
	for _, f := range s.found[file] {
		if !wanted(kindFix) || !f.Range.overlaps(p.Range) {
			continue
		}
		for i, x := range f.fixes {
			if edit := s.edit(x); edit != nil {
				actions = append(actions, codeAction{
					Title:       x.title,
					Kind:        kindFix,
					Diagnostics: []diagnostic{f.diagnostic},
					Preferred:   i == 0,
					Edit:        edit,
				})
			}
		}
	}
	if wanted(kindExplain) && !b.dirty {
		const title = "Explain what this line allocates"
		actions = append(actions, codeAction{
			Title:   title,
			Kind:    kindExplain,
			Command: &command{title, explainCommand, []location{{p.TextDocument.URI, p.Range}}},
		})
	}
	return actions, nil
}

// edit returns a fix as the protocol has it; nil if it changes a file that is being edited.
func (s *Server) edit(x fix) *workspaceEdit {
	edit := new(workspaceEdit)
	for _, file := range slices.Sorted(maps.Keys(x.edits)) {
		doc := versionedDocument{URI: source.URI(file)}
		if b := s.open[file]; b != nil {
			if b.stale {
				return nil
			}
			doc.Version = b.version
		}
		edit.DocumentChanges = append(edit.DocumentChanges, documentEdit{doc, x.edits[file]})
	}
	return edit
}

// explain answers a hover over a finding, and the command that explains a line.
func (s *Server) explain(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	if req.Method == "textDocument/hover" {
		var p positionParams
		if err := decode(req, &p); err != nil {
			return nil, err
		}
		file, err := fileOf(p.TextDocument.URI)
		if err != nil || !s.hasFinding(file, p.Position) {
			return nil, err
		}
		text, err := s.explainLine(ctx, file, p.Position.Line)
		if err != nil {
			return nil, nil // a hover is no place for errors
		}
		var h hover
		h.Contents.Kind = "markdown"
		h.Contents.Value = "**heapvet: what this line allocates**\n```text\n" + text + "\n```"
		return h, nil
	}
	var p commandParams
	if err := decode(req, &p); err != nil {
		return nil, err
	}
	if p.Command != explainCommand || len(p.Arguments) != 1 {
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: fmt.Sprintf("heapvet does not know the command %q with %d arguments", p.Command, len(p.Arguments))}
	}
	file, err := fileOf(p.Arguments[0].URI)
	if err != nil {
		return nil, err
	}
	text, err := s.explainLine(ctx, file, p.Arguments[0].Range.Start.Line)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notify(ctx, "window/showMessage", messageParams{messageInfo, text})
	return text, nil
}

func (s *Server) hasFinding(file string, p textPosition) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.open[file]
	return b != nil && !b.stale && slices.ContainsFunc(s.found[file], func(f *finding) bool {
		return f.Range.overlaps(textRange{p, p})
	})
}

// explainLine returns what heapvet explain prints of a line, counted from 0.
func (s *Server) explainLine(ctx context.Context, file string, line int) (string, error) {
	s.mu.Lock()
	dirty := s.open[file] != nil && s.open[file].dirty
	s.mu.Unlock()
	if dirty {
		return "", errors.New("save the file first: the compiler reads it from the disk")
	}
	out := s.Run(ctx, filepath.Dir(file), "explain", fmt.Sprintf("%s:%d", file, line+1))
	switch {
	case out.Err != nil:
		return "", out.Err
	case out.Code != 0:
		return "", errors.New(strings.TrimPrefix(reasonOf(out.Stderr, "heapvet failed"), "heapvet: "))
	}
	return strings.TrimRight(string(out.Stdout), "\n"), nil
}
