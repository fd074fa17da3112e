//go:build ignore

// A page that was seen already returns before Done.
//
// leak: lostgoroutine waitgroup: reported

package main

import "sync"

type crawler struct {
	links map[string][]string
	mu    sync.Mutex
	seen  map[string]bool
	tasks sync.WaitGroup
}

func (c *crawler) first(url string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[url] {
		return false
	}
	c.seen[url] = true
	return true
}

func (c *crawler) visit(url string) {
	if !c.first(url) {
		return
	}
	for _, next := range c.links[url] {
		c.tasks.Add(1)
		go c.visit(next)
	}
	c.tasks.Done()
}

// Crawl returns how many pages can be reached.
func (c *crawler) Crawl(start string) int {
	c.tasks.Add(1)
	go c.visit(start)
	c.tasks.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.seen)
}

func run() {
	c := &crawler{
		seen:  make(map[string]bool),
		links: map[string][]string{"/": {"/a", "/b"}, "/a": {"/b"}, "/b": {"/"}},
	}
	c.Crawl("/")
}
