//go:build ignore

// Lookup logs the table with its read lock held, and String takes it again.
//
// leak: stucklock recursive-rlock: reported

package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

type route struct{ prefix, gateway string }

type routeCache struct {
	mu     sync.RWMutex
	routes map[string]route
	log    io.Writer
}

// Lookup returns the route, and makes one if there is none.
func (c *routeCache) Lookup(prefix string) route {
	c.mu.RLock()
	r, ok := c.routes[prefix]
	if !ok {
		time.Sleep(100 * time.Microsecond)
		fmt.Fprintf(c.log, "no route for %s in %s\n", prefix, c)
	}
	c.mu.RUnlock()
	if ok {
		return r
	}
	r = route{prefix, "default"}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.routes[prefix] = r
	return r
}

func (c *routeCache) String() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.stringLocked()
}

func (c *routeCache) stringLocked() string { return fmt.Sprint(len(c.routes), " routes") }

func run() {
	for i := range 40 {
		c := &routeCache{routes: make(map[string]route), log: io.Discard}
		go func() {
			var lookups sync.WaitGroup
			for j := range 6 {
				lookups.Go(func() { c.Lookup(fmt.Sprintf("10.%d.%d.0/24", i, j)) })
			}
			lookups.Wait()
		}()
	}
}
