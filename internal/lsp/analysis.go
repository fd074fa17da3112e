package lsp

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A queue holds the directories of a module that wait for an analysis by the go
// command. One at a time is analysed, so that no package is analysed twice at once, and
// none while one is analysed again, which somebody is waiting for.
type queue struct {
	dirs    []string
	running string // "" when nothing is
	cancel  context.CancelFunc
	idle    chan struct{}          // closed when nothing runs any more
	again   map[string]*repetition // by directory
}

// A repetition is an analysis of a package without the go command.
type repetition struct {
	cancel context.CancelFunc
	done   chan struct{}
}

func (q *queue) stop() {
	q.dirs = nil
	if q.cancel != nil {
		q.cancel()
	}
	for _, r := range q.again {
		r.cancel()
	}
}

func (s *Server) queueOf(root string) *queue {
	q := s.queues[root]
	if q == nil {
		q = &queue{again: make(map[string]*repetition)}
		s.queues[root] = q
	}
	return q
}

// saved takes note that a file is on disk as it is in the editor. Its package is
// analysed, and after it those of the module that have open files: what they find may
// depend on it, and if not, the go command knows the answer.
func (s *Server) saved(ctx context.Context, file string, d document) {
	b := s.open[file]
	known := b != nil
	if !known {
		b = new(buffer)
		s.open[file] = b
	}
	if d.Version != nil {
		b.version = d.Version
	}
	if b.dirty {
		if b.stale {
			delete(s.found, file)
		}
		b.dirty, b.stale, b.text = false, false, nil
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
	q := s.queueOf(root)
	if s.Again != nil && known {
		s.repeat(ctx, q, dir, 0)
	}
	s.enqueue(ctx, q, dirs)
}

// pause is how long nothing must be typed before unsaved text is analysed.
const pause = 300 * time.Millisecond

// changed takes note that a file differs from the disk, and withdraws its findings.
func (s *Server) changed(ctx context.Context, file string, d document, text *string) {
	b := s.open[file]
	if b == nil {
		return
	}
	b.dirty, b.stale = true, true
	b.version, b.text = d.Version, text
	s.publish(ctx, file)
	if s.Live && s.Again != nil {
		dir := filepath.Dir(file)
		s.repeat(ctx, s.queueOf(moduleRoot(dir)), dir, pause)
	}
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
		if r := q.again[dir]; r != nil {
			r.cancel()
		}
	}
	s.replace(ctx, dir, nil, anyFile)
}

func anyFile(string) bool { return true }

// enqueue has the directories analysed, in this order, before what waits already.
func (s *Server) enqueue(ctx context.Context, q *queue, dirs []string) {
	rest := slices.DeleteFunc(q.dirs, func(dir string) bool { return slices.Contains(dirs, dir) })
	q.dirs = slices.Concat(dirs, rest)
	q.interrupt(dirs...) // it reads files that have changed
	s.resume(ctx, q)
}

// interrupt ends the analysis that is running if it is of one of the directories and has begun.
func (q *queue) interrupt(dirs ...string) {
	if q.cancel != nil && slices.Contains(dirs, q.running) {
		q.cancel()
	}
}

// resume has the queue worked off, if nothing stands against it.
func (s *Server) resume(ctx context.Context, q *queue) {
	if q.idle != nil || len(q.again) > 0 || len(q.dirs) == 0 || ctx.Err() != nil {
		return
	}
	q.idle = make(chan struct{})
	s.work.Go(func() { s.drain(ctx, q) })
}

// drain analyses what waits in the queue.
func (s *Server) drain(ctx context.Context, q *queue) {
	for {
		s.mu.Lock()
		if len(q.dirs) == 0 || len(q.again) > 0 || ctx.Err() != nil {
			q.running, q.cancel = "", nil
			close(q.idle)
			q.idle = nil
			s.mu.Unlock()
			return
		}
		dir := q.dirs[0]
		q.dirs = q.dirs[1:]
		run, cancel := context.WithCancel(ctx)
		q.running, q.cancel = dir, cancel
		s.mu.Unlock()

		out := s.Run(run, dir, append(slices.Clone(s.Flags), "-json", ".")...)
		found, err := s.parse(out.Stdout, nil)
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
			if advice := adviceOn(string(out.Stderr), dir); advice != "" {
				s.tell(ctx, messageInfo, advice)
			}
			// A package that does not compile is no news: gopls says it better.
			s.Logf("%s: %s", dir, bytes.TrimSpace(out.Stderr))
		}
		// What is being edited has findings of its own, or will have them when it is saved.
		s.replace(ctx, dir, found, func(file string) bool { return s.open[file] == nil || !s.open[file].dirty })
		s.mu.Unlock()
	}
}

// repeat analyses the package in a directory again, as its files are in the editor
// and without the go command, when nothing has happened for a while. What else is being
// analysed in the module waits.
func (s *Server) repeat(ctx context.Context, q *queue, dir string, after time.Duration) {
	run, cancel := context.WithCancel(ctx)
	r := &repetition{cancel, make(chan struct{})}
	before := q.again[dir]
	if before != nil {
		before.cancel()
	}
	q.again[dir] = r
	s.work.Go(func() {
		defer cancel()
		if before != nil {
			<-before.done
		}
		select {
		case <-run.Done():
		case <-time.After(after):
			s.repeatNow(ctx, run, q, dir)
		}
		close(r.done)
		s.mu.Lock()
		defer s.mu.Unlock()
		if q.again[dir] == r {
			delete(q.again, dir)
		}
		s.resume(ctx, q)
	})
}

func (s *Server) repeatNow(ctx, run context.Context, q *queue, dir string) {
	s.mu.Lock()
	idle := q.idle
	if idle != nil && q.running != "" {
		if !slices.Contains(q.dirs, q.running) {
			q.dirs = append([]string{q.running}, q.dirs...)
		}
		q.cancel()
	}
	texts := make(map[string]string)
	for file, b := range s.open {
		if filepath.Dir(file) == dir && b.dirty && b.text != nil {
			texts[file] = *b.text
		}
	}
	s.mu.Unlock()
	if idle != nil {
		<-idle
	}
	// Of an error, the go command will tell.
	s.Again(run, dir, texts, func(stdout []byte, files []string) {
		found, err := s.parse(stdout, texts)
		s.mu.Lock()
		defer s.mu.Unlock()
		if err != nil || run.Err() != nil {
			return
		}
		for file := range texts {
			if b := s.open[file]; b != nil {
				b.stale = false
			}
		}
		s.replace(ctx, dir, found, func(file string) bool {
			b := s.open[file]
			return slices.Contains(files, file) && (b == nil || !b.stale)
		})
	})
}

const exitFailure = 2

func reasonOf(stderr []byte, otherwise string) string {
	if text := strings.TrimSpace(string(stderr)); text != "" {
		return text
	}
	return otherwise
}

// adviceOn says what to do about a failure of the command, if it is not one that gopls
// speaks of.
func adviceOn(stderr, dir string) string {
	switch {
	case strings.Contains(stderr, "go.mod file not found"):
		return "heapvet looks at packages of modules, and there is no go.mod in " + dir + " or above; \"go mod init\" makes one"
	case strings.Contains(stderr, "build constraints exclude all Go files"):
		return "heapvet does not look at " + dir + ": its files are for other platforms or tags; \"heapvet lsp -tags LIST\" sets tags"
	}
	return ""
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
