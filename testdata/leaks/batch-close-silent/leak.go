//go:build ignore

// Close sets the flag that the flusher looks at, but does not wake the flusher.
//
// leak: lostgoroutine cond: reported

package main

import (
	"sync"
	"time"
)

type point struct {
	name  string
	value float64
}

type batcher struct {
	mu      sync.Mutex
	more    sync.Cond
	points  []point
	closed  bool
	flushed int
}

func newBatcher() *batcher {
	b := &batcher{}
	b.more.L = &b.mu
	go b.flush()
	return b
}

func (b *batcher) Add(p point) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.points = append(b.points, p)
	b.more.Signal()
}

func (b *batcher) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		for len(b.points) == 0 {
			if b.closed {
				return
			}
			b.more.Wait()
		}
		b.flushed += len(b.points)
		b.points = nil
	}
}

func (b *batcher) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
}

func run() {
	b := newBatcher()
	b.Add(point{"load", 0.5})
	time.Sleep(time.Millisecond)
	b.Close()
}
