//go:build ignore

// proof: allocs

package main

import "sync"

type tracker struct {
	seen sync.Map
}

func (t *tracker) record(users []int, now int64) {
	for _, u := range users {
		t.seen.Store(u, now)
	}
}

var (
	users = make([]int, 100)
	all   tracker
)

func run() {
	for i := range users {
		users[i] = 1000 + i
	}
	all.record(users, 1<<40)
}
