//go:build ignore

// Close lets the lock go before it waits.

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
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.closed = true
	close(c.stop)
	c.mu.Unlock()
	c.wg.Wait()
}

func run() {
	c := newCache()
	c.ticks <- struct{}{} // the clock strikes
	go c.close()
	time.Sleep(100 * time.Millisecond)
}
