package doc

import "sync"

type wrongTracker struct {
	seen sync.Map
}

func (t *wrongTracker) record(users []int, now int64) {
	for _, u := range users {
		t.seen.Store(u, now) // want `seen is written on every iteration and nothing looks a key up: each Store of a sync.Map allocates an entry and boxes key and value; a map with a sync.Mutex writes in place`
	}
}

type rightTracker struct {
	mu   sync.Mutex
	seen map[int]int64
}

func (t *rightTracker) record(users []int, now int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, u := range users {
		t.seen[u] = now
	}
}
