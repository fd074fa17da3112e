//go:build ignore

// proof: leak

package main

import "sync"

type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) note(line string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, line)
}

func (j *journal) reset() {
	j.mu.Lock()
	j.lines = nil
	j.mu.Unlock()
	j.note("reset")
}

func run() { go new(journal).reset() }
