//go:build ignore

// proof: leak

package main

import (
	"sync"
	"time"
)

type table struct {
	mu   sync.RWMutex
	rows map[string]int
}

func (t *table) count(name string) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.rows[name]
}

func (t *table) total() int {
	n := t.count("a")
	time.Sleep(10 * time.Millisecond)
	return n + t.count("b")
}

func (t *table) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = nil
}

func run() {
	t := new(table)
	go t.total()
	time.Sleep(time.Millisecond)
	go t.reset()
	time.Sleep(20 * time.Millisecond)
}
