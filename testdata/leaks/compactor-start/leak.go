//go:build ignore

// Start wakes the compactor before there is a goroutine that could take it, and
// somebody has filled the only place already.
//
// leak: lostgoroutine abandoned-send: reported as lostgoroutine lost-signal

package main

import (
	"context"
	"sync"
)

type supervisor struct {
	running sync.WaitGroup
	quit    chan struct{}
}

func (s *supervisor) Run(ctx context.Context, f func(context.Context)) {
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		f(ctx)
	}()
}

func (s *supervisor) Stop() {
	close(s.quit)
	s.running.Wait()
}

type compactor struct {
	wake chan struct{}
	runs int
}

func newCompactor() *compactor { return &compactor{wake: make(chan struct{}, 1)} }

// Suggest asks for a compaction soon.
func (c *compactor) Suggest() {
	c.wake <- struct{}{}
}

func (c *compactor) Start(ctx context.Context, s *supervisor) {
	c.Suggest() // look once at what an earlier run has left
	s.Run(ctx, func(ctx context.Context) {
		for {
			select {
			case <-c.wake:
				c.runs++
			case <-ctx.Done():
				return
			case <-s.quit:
				return
			}
		}
	})
}

func open(keys int) {
	s := &supervisor{quit: make(chan struct{})}
	defer s.Stop()
	c := newCompactor()
	if keys > 100 {
		c.Suggest()
	}
	c.Start(context.Background(), s)
}

func run() { open(1000) }
