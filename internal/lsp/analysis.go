package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/heapvet/heapvet/internal/source"
)

// A queue holds the directories of a module that wait for an analysis. One at a time
// is analysed, so that no package is analysed twice at once.
type queue struct {
	dirs    []string
	running string // "" when nothing is
	cancel  context.CancelFunc
}

func (q *queue) stop() {
	q.dirs = nil
	if q.cancel != nil {
		q.cancel()
	}
}

// saved takes note that a file is on disk as it is in the editor. Its package is
// analysed, and after it those of the module that have open files: what they find may
// depend on it, and if not, the go command knows the answer.
func (s *Server) saved(ctx context.Context, file string, d document) {
	b := s.open[file]
	if b == nil {
		b = new(buffer)
		s.open[file] = b
	}
	if d.Version != nil {
		b.version = d.Version
	}
	if b.dirty {
		b.dirty = false
		delete(s.found, file)
	}
	dir := filepath.Dir(file)
	root := moduleRoot(dir)
	dirs := []string{dir}
	for other := range s.open {
		if d := filepath.Dir(other); moduleRoot(d) == root && !slices.Contains(dirs, d) {
			dirs = append(dirs, d)
		}
	}
	slices.Sort(dirs[1:])
	s.enqueue(ctx, root, dirs)
}

// changed takes note that a file differs from the disk, and withdraws its findings.
func (s *Server) changed(ctx context.Context, file string, d document) {
	b := s.open[file]
	if b == nil {
		return
	}
	b.dirty = true
	b.version = d.Version
	s.publish(ctx, file)
}

// closed forgets a file, and the findings of its package if nobody looks at it.
func (s *Server) closed(ctx context.Context, file string) {
	delete(s.open, file)
	dir := filepath.Dir(file)
	for other := range s.open {
		if filepath.Dir(other) == dir {
			return
		}
	}
	if q := s.queues[moduleRoot(dir)]; q != nil {
		q.dirs = slices.DeleteFunc(q.dirs, func(d string) bool { return d == dir })
		q.interrupt(dir)
	}
	s.replace(ctx, dir, nil)
}

// enqueue has the directories analysed, in this order, before what waits already.
func (s *Server) enqueue(ctx context.Context, root string, dirs []string) {
	q := s.queues[root]
	if q == nil {
		q = new(queue)
		s.queues[root] = q
	}
	rest := slices.DeleteFunc(q.dirs, func(dir string) bool { return slices.Contains(dirs, dir) })
	q.dirs = slices.Concat(dirs, rest)
	if q.running == "" {
		q.running = dirs[0]
		s.work.Go(func() { s.drain(ctx, q) })
	} else {
		q.interrupt(dirs...) // it reads files that have changed
	}
}

// interrupt ends the analysis that is running if it is of one of the directories and has begun.
func (q *queue) interrupt(dirs ...string) {
	if q.cancel != nil && slices.Contains(dirs, q.running) {
		q.cancel()
	}
}

// drain analyses what waits in the queue.
func (s *Server) drain(ctx context.Context, q *queue) {
	for {
		s.mu.Lock()
		if len(q.dirs) == 0 || ctx.Err() != nil {
			q.running, q.cancel = "", nil
			s.mu.Unlock()
			return
		}
		dir := q.dirs[0]
		q.dirs = q.dirs[1:]
		run, cancel := context.WithCancel(ctx)
		q.running, q.cancel = dir, cancel
		s.mu.Unlock()

		out := s.Run(run, dir, append(slices.Clone(s.Flags), "-json", ".")...)
		found, err := s.parse(out.Stdout)
		stopped := run.Err() != nil
		cancel()
		if stopped {
			continue
		}
		s.mu.Lock()
		switch {
		case out.Err != nil:
			s.tell(ctx, messageError, "heapvet does not run: "+out.Err.Error())
		case err != nil:
			s.tell(ctx, messageError, reasonOf(out.Stderr, "heapvet printed what is no JSON"))
		case out.Code == exitFailure:
			// A package that does not compile is no news: gopls says it better.
			s.Logf("%s: %s", dir, bytes.TrimSpace(out.Stderr))
		}
		s.replace(ctx, dir, found)
		s.mu.Unlock()
	}
}

const exitFailure = 2

func reasonOf(stderr []byte, otherwise string) string {
	if text := strings.TrimSpace(string(stderr)); text != "" {
		return text
	}
	return otherwise
}

// replace makes found the findings of the package in a directory.
func (s *Server) replace(ctx context.Context, dir string, found []*finding) {
	files := make(map[string]bool)
	for file := range s.found {
		if filepath.Dir(file) == dir {
			files[file] = true
			delete(s.found, file)
		}
	}
	for _, f := range found {
		if filepath.Dir(f.file) == dir {
			files[f.file] = true
			s.found[f.file] = append(s.found[f.file], f)
		}
	}
	for file := range files {
		s.publish(ctx, file)
	}
}

// publish shows the findings of a file, or none while it is being edited.
func (s *Server) publish(ctx context.Context, file string) {
	p := publishParams{URI: source.URI(file), Diagnostics: []diagnostic{}}
	b := s.open[file]
	if b != nil {
		p.Version = b.version
	}
	if b == nil || !b.dirty {
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

// moduleRoot returns the directory of the module or workspace that a directory
// belongs to, or else the directory.
func moduleRoot(dir string) string {
	root := ""
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.work")); err == nil {
			return d
		}
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil && root == "" {
			root = d
		}
		if d == filepath.Dir(d) {
			break
		}
	}
	if root == "" {
		return dir
	}
	return root
}

// A finding is one line of what the command prints, as the protocol has it.
type finding struct {
	file string
	diagnostic
	fixes []fix
}

type fix struct {
	title string
	edits map[string][]textEdit // by file name
}

// parse reads what heapvet -json prints.
func (s *Server) parse(stdout []byte) ([]*finding, error) {
	var tree map[string]map[string][]struct {
		Category, Posn, End, Message string
		Fixes                        []struct {
			Message string
			Edits   []struct {
				Filename   string
				Start, End int
				New        string
			}
		} `json:"suggested_fixes"`
		Related []struct{ Posn, End, Message string }
	}
	if err := json.Unmarshal(stdout, &tree); err != nil {
		return nil, err
	}
	files := make(source.Files)
	var all []*finding
	for _, checks := range tree {
		for check, list := range checks {
			for _, d := range list {
				at := locationOf(files, d.Posn, d.End)
				file, err := fileOf(at.URI)
				if err != nil {
					continue
				}
				f := &finding{file: file, diagnostic: diagnostic{
					Range:    at.Range,
					Severity: severityWarning,
					Code:     check,
					Source:   "heapvet",
					Message:  d.Message,
				}}
				if d.Category != "" && d.Category != check {
					f.Code += "/" + d.Category
				}
				f.CodeInfo = &codeInfo{s.URL(check)}
				for _, r := range d.Related {
					f.Information = append(f.Information, relatedTo{locationOf(files, r.Posn, r.End), r.Message})
				}
				f.fixes = slices.Grow(f.fixes, len(d.Fixes))
				for _, x := range d.Fixes {
					one := fix{x.Message, make(map[string][]textEdit)}
					for _, e := range x.Edits {
						one.edits[e.Filename] = append(one.edits[e.Filename],
							textEdit{textRange{offset(files, e.Filename, e.Start), offset(files, e.Filename, e.End)}, e.New})
					}
					f.fixes = append(f.fixes, one)
				}
				all = append(all, f)
			}
		}
	}
	slices.SortFunc(all, func(a, b *finding) int {
		if a.Range != b.Range {
			if a.Range.Start.before(b.Range.Start) {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Code+a.Message, b.Code+b.Message)
	})
	return all, nil
}

// locationOf converts two positions "file:line:column".
func locationOf(files source.Files, from, to string) location {
	file, start := positionOf(files, from)
	end := start
	if other, e := positionOf(files, to); other == file && start.before(e) {
		end = e
	}
	return location{source.URI(file), textRange{start, end}}
}

func positionOf(files source.Files, place string) (file string, p textPosition) {
	file, line, col := source.Split(place)
	return file, textPosition{max(line-1, 0), files.UTF16(file, line, max(col, 1)) - 1}
}

func offset(files source.Files, file string, n int) textPosition {
	line, col := files.At(file, n)
	return textPosition{max(line-1, 0), files.UTF16(file, line, col) - 1}
}
