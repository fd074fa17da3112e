//go:build ignore

// A row is locked by a function that returns what unlocks it; it is unlocked
// on every way out.

package main

import (
	"errors"
	"sync"
)

type rows struct {
	mu   sync.Mutex
	vals map[int]int
}

func (r *rows) lock() (unlock func()) {
	r.mu.Lock()
	return r.mu.Unlock
}

func (r *rows) add(id, n int) error {
	defer r.lock()()
	if _, ok := r.vals[id]; !ok {
		return errors.New("no row")
	}
	r.vals[id] += n
	return nil
}

func run() {
	r := &rows{vals: map[int]int{1: 1}}
	go func() {
		r.add(2, 1)
		r.add(1, 1)
	}()
}
