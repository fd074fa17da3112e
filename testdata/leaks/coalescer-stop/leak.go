//go:build ignore

// Stop waits for the loop with the lock held that the loop takes for each update.
//
// leak: stucklock blocked-holding: reported

package main

import (
	"sync"
	"time"
)

type update struct {
	key string
	rev int
}

// A coalescer merges updates of the same key in the background.
type coalescer struct {
	mu      sync.Mutex
	latest  map[string]int
	stopped bool
	updates chan update
	done    chan struct{}
}

func newCoalescer() *coalescer {
	c := &coalescer{
		latest:  make(map[string]int),
		updates: make(chan update, 16),
		done:    make(chan struct{}),
	}
	go func() {
		defer close(c.done)
		for u := range c.updates {
			c.merge(u)
		}
	}()
	return c
}

func (c *coalescer) merge(u update) {
	time.Sleep(50 * time.Microsecond)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.latest[u.key] = max(c.latest[u.key], u.rev)
}

// Update drops what there is no room for.
func (c *coalescer) Update(u update) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return
	}
	select {
	case c.updates <- u:
	default:
	}
}

func (c *coalescer) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	close(c.updates)
	<-c.done
}

func run() {
	c := newCoalescer()
	for i := range 8 {
		c.Update(update{"a", i})
	}
	c.Stop()
}
