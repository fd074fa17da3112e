//go:build ignore

// A document that is not known takes a slot with it: after some of them nobody
// gets one.
//
// leak: lostgoroutine lost-signal: reported as lostgoroutine lost-slot

package main

import "sync"

type document struct {
	kind string
	text string
}

type converter struct {
	slots chan struct{}
	mu    sync.Mutex
	pages map[string]int
}

func newConverter(n int) *converter {
	return &converter{slots: make(chan struct{}, n), pages: make(map[string]int)}
}

// Convert converts documents, a few at a time.
func (c *converter) Convert(docs []document) {
	var all sync.WaitGroup
	for _, d := range docs {
		c.slots <- struct{}{}
		if d.kind == "" {
			continue
		}
		all.Add(1)
		go func() {
			defer all.Done()
			defer func() { <-c.slots }()
			c.render(d)
		}()
	}
	all.Wait()
}

func (c *converter) render(d document) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pages[d.kind] += len(d.text)
}

func run() {
	c := newConverter(2)
	go c.Convert([]document{{"html", "x"}, {"", "y"}, {"", "z"}, {"pdf", "w"}})
}
