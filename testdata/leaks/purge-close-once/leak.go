//go:build ignore

// Close looks whether it has been called before, and waits with the lock held for
// a goroutine that needs the lock.
//
// leak: stucklock blocked-holding: reported

package main

import (
	"sync"
	"time"
)

type cache struct {
	mu     sync.Mutex
	wg     sync.WaitGroup
	ticks  chan struct{}
	stop   chan struct{}
	rows   map[string]int
	closed bool
}

func newCache() *cache {
	c := &cache{ticks: make(chan struct{}), stop: make(chan struct{}), rows: map[string]int{}}
	c.wg.Go(c.purge)
	return c
}

func (c *cache) purge() {
	for {
		select {
		case <-c.ticks:
			c.drop()
		case <-c.stop:
			return
		}
	}
}

func (c *cache) drop() {
	time.Sleep(50 * time.Millisecond) // lists what is old
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.rows)
}

func (c *cache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	close(c.stop)
	c.wg.Wait()
}

func run() {
	c := newCache()
	c.ticks <- struct{}{} // the clock strikes
	go c.close()
	time.Sleep(100 * time.Millisecond)
}
