//go:build ignore

// The journal calls back with its lock held, and what is called back asks the
// journal how long it is.
//
// leak: stucklock double-lock: reported

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
	j.Visit(func(i int, line string) {
		if i == j.Len()-1 {
			last = line
		}
	})
	return last
}

func run() {
	j := &journal{lines: []string{"a", "b"}}
	go j.Last()
}
