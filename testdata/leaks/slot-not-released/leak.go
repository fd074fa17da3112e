//go:build ignore

// A request that is refused keeps its slot, and later ones wait for a free one.
//
// leak: lostgoroutine lost-signal: reported as lostgoroutine lost-slot

package main

import (
	"errors"
	"sync"
)

type request struct {
	user string
	size int
}

var errTooLarge = errors.New("request is too large")

type limiter struct {
	slots   chan struct{}
	mu      sync.Mutex
	handled int
}

func newLimiter(n int) *limiter { return &limiter{slots: make(chan struct{}, n)} }

func (l *limiter) acquire() { l.slots <- struct{}{} }
func (l *limiter) release() { <-l.slots }

// Handle serves a request when there is a slot.
func (l *limiter) Handle(r request) error {
	l.acquire()
	if r.size > 1<<20 {
		return errTooLarge
	}
	l.mu.Lock()
	l.handled++
	l.mu.Unlock()
	l.release()
	return nil
}

func serve(requests []request) {
	l := newLimiter(2)
	var all sync.WaitGroup
	for _, r := range requests {
		all.Go(func() { l.Handle(r) })
	}
	all.Wait()
}

func run() {
	var requests []request
	for i := range 8 {
		requests = append(requests, request{"ann", i << 19})
	}
	serve(requests)
}
