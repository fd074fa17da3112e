//go:build ignore

// The state is read in a method that unlocks.

package main

import (
	"sync"
	"time"
)

type member struct{ addr string }

type group struct {
	mu      sync.Mutex
	closed  bool
	members []member
	rounds  int
}

func (g *group) Close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}

// gossip makes a round and reports whether to go on.
func (g *group) gossip() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.rounds++
	return true
}

func (g *group) Run(every time.Duration) {
	for g.gossip() {
		time.Sleep(every)
	}
	g.leave()
}

func (g *group) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.members = nil
}

func run() {
	g := &group{members: []member{{"10.0.0.1"}}}
	go g.Run(100 * time.Microsecond)
	time.Sleep(time.Millisecond)
	g.Close()
}
