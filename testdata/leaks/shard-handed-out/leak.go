//go:build ignore

// A shard is handed out with its lock held, and one way back keeps it.
//
// leak: stucklock missing-unlock: reported

package main

import (
	"errors"
	"sync"
)

var errStale = errors.New("stale")

type shard struct {
	mu   sync.Mutex
	rows map[string]int
}

type table struct{ shards []*shard }

func (t *table) grab(key string) *shard {
	s := t.shards[len(key)%len(t.shards)]
	s.mu.Lock()
	return s
}

func (s *shard) release() { s.mu.Unlock() }

func (t *table) swap(key string, old, to int) error {
	s := t.grab(key)
	if s.rows[key] != old {
		return errStale
	}
	s.rows[key] = to
	s.release()
	return nil
}

func run() {
	t := &table{shards: []*shard{{rows: map[string]int{}}}}
	go func() {
		_ = t.swap("a", 1, 2)
		_ = t.swap("a", 0, 2)
	}()
}
