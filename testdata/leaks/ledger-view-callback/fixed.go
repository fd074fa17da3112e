//go:build ignore

// How long the journal is, is asked before its lock is taken.

package main

import "sync"

type journal struct {
	mu    sync.Mutex
	lines []string
}

// Visit calls visit for all lines.
func (j *journal) Visit(visit func(i int, line string)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i, line := range j.lines {
		visit(i, line)
	}
}

func (j *journal) Len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.lines)
}

func (j *journal) Last() (last string) {
	n := j.Len()
	j.Visit(func(i int, line string) {
		if i == n-1 {
			last = line
		}
	})
	return last
}

func run() {
	j := &journal{lines: []string{"a", "b"}}
	go j.Last()
}
