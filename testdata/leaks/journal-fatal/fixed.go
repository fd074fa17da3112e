//go:build ignore

// The error is handled when the lock is released.

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
	var err error
	if !j.open {
		err = j.openFile()
	}
	j.mu.Unlock()
	if err != nil {
		j.fatal(err)
	}
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
