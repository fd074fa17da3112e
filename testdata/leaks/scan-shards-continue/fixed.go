//go:build ignore

// A shard that is being moved is unlocked, too.

package main

import "sync"

type state int

const (
	ready state = iota
	moving
	gone
)

type shard struct {
	mu    sync.Mutex
	state state
	rows  int
}

type cluster struct{ shards []*shard }

// Rows counts the rows of all shards.
func (c *cluster) Rows() (n int) {
	for _, s := range c.shards {
		s.mu.Lock()
		switch s.state {
		case moving:
			s.mu.Unlock()
			continue
		case ready:
			n += s.rows
		}
		s.mu.Unlock()
	}
	return n
}

func run() {
	c := &cluster{shards: []*shard{{rows: 1}, {state: moving}}}
	go func() {
		c.Rows()
		c.Rows()
	}()
}
