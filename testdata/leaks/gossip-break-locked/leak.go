//go:build ignore

// The loops leave with the lock held when the group is closed.
//
// leak: stucklock missing-unlock: reported as stucklock double-lock

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

// Run gossips until the group is closed.
func (g *group) Run(every time.Duration) {
	for {
		g.mu.Lock()
		if g.closed {
			break
		}
		g.rounds++
		g.mu.Unlock()
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
