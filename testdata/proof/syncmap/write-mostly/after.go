//go:build ignore

// proof: allocs

package main

import "sync"

type tracker struct {
	mu   sync.Mutex
	seen map[int]int64
}

func (t *tracker) record(users []int, now int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, u := range users {
		t.seen[u] = now
	}
}

var (
	users = make([]int, 100)
	all   = tracker{seen: make(map[int]int64)}
)

func run() {
	for i := range users {
		users[i] = 1000 + i
	}
	all.record(users, 1<<40)
}
