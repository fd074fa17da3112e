//go:build ignore

// The scan holds the read lock of the catalog and asks, through the queue and
// the shelf, for the size of the catalog, which takes the read lock again.
//
// leak: stucklock recursive-rlock: reported

package main

import (
	"sync"
	"time"
)

type catalog struct {
	mu      sync.RWMutex
	shelves []*shelf
	cleanup *cleanupQueue
}

// ScanAll offers every shelf to the queue of the cleaner.
func (c *catalog) ScanAll() {
	c.mu.RLock()
	for _, s := range c.shelves {
		c.cleanup.maybeAdd(s)
	}
	c.mu.RUnlock()
}

func (c *catalog) Size() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.shelves)
}

func (c *catalog) Add(s *shelf) {
	c.mu.Lock()
	c.shelves = append(c.shelves, s)
	c.mu.Unlock()
}

type shelf struct {
	catalog *catalog
	books   int
}

type policy interface{ wants(s *shelf) bool }

type cleanupQueue struct {
	mu     sync.Mutex
	policy policy
	shelf  []*shelf
}

func (q *cleanupQueue) maybeAdd(s *shelf) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.policy.wants(s) {
		q.shelf = append(q.shelf, s)
	}
}

type shareOfAll struct{}

func (shareOfAll) wants(s *shelf) bool {
	time.Sleep(200 * time.Microsecond)
	return s.books > 100/s.catalog.Size()
}

func run() {
	for range 20 {
		c := &catalog{cleanup: &cleanupQueue{policy: shareOfAll{}}}
		for i := range 5 {
			c.Add(&shelf{catalog: c, books: 10 * i})
		}
		go c.ScanAll()
		go func() {
			time.Sleep(300 * time.Microsecond)
			c.Add(&shelf{catalog: c})
		}()
	}
}
