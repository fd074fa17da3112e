//go:build ignore

// A timer that finds its entry wanted again returns with the lock held.
//
// leak: stucklock missing-unlock: reported

package main

import (
	"sync"
	"time"
)

type entry struct {
	conn   int
	cancel func()
	abort  bool
}

// A connCache keeps removed connections for a while, for who wants them back.
type connCache struct {
	mu      sync.Mutex
	keep    time.Duration
	removed map[string]*entry
	addrs   map[int]string
	next    int
}

func (c *connCache) Get(addr string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.removed[addr]; ok {
		time.Sleep(100 * time.Microsecond) // is it alive?
		e.cancel()
		delete(c.removed, addr)
		return e.conn
	}
	c.next++
	c.addrs[c.next] = addr
	return c.next
}

func (c *connCache) Remove(conn int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	addr, ok := c.addrs[conn]
	if !ok || c.removed[addr] != nil {
		return
	}
	e := &entry{conn: conn}
	c.removed[addr] = e
	t := time.AfterFunc(c.keep, func() {
		c.mu.Lock()
		if e.abort {
			return
		}
		delete(c.addrs, conn)
		delete(c.removed, addr)
		c.mu.Unlock()
	})
	e.cancel = func() {
		if !t.Stop() {
			e.abort = true
		}
	}
}

func run() {
	c := &connCache{
		keep:    20 * time.Microsecond,
		removed: make(map[string]*entry),
		addrs:   make(map[int]string),
	}
	for range 50 {
		c.Remove(c.Get("a"))
	}
}
