//go:build ignore

// A journal that can not open its file calls the exit hook with its lock held,
// and the hook flushes the journal.
//
// leak: stucklock double-lock: reported

package main

import (
	"errors"
	"sync"
)

type journal struct {
	mu      sync.Mutex
	path    string
	open    bool
	pending []string
	written []string
}

func (j *journal) openFile() error {
	if j.path == "" {
		return errors.New("no path")
	}
	j.open = true
	return nil
}

// Log writes a line.
func (j *journal) Log(line string) {
	j.mu.Lock()
	j.pending = append(j.pending, line)
	if !j.open {
		if err := j.openFile(); err != nil {
			j.fatal(err)
		}
	}
	j.mu.Unlock()
}

// Flush writes what is pending.
func (j *journal) Flush() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.written = append(j.written, j.pending...)
	j.pending = nil
}

func (j *journal) fatal(err error) {
	j.Flush()
	j.written = append(j.written, "fatal: "+err.Error())
}

func run() {
	j := &journal{}
	j.Log("started")
}
