//go:build ignore

// The first request is let go and waited for, but the second has the only place
// and waits for its lock, which would be released next.
//
// leak: lostgoroutine lost-signal: not reported

package main

import (
	"sync"
	"time"
)

type breaker struct {
	pending chan struct{}
	active  chan struct{}
}

func newBreaker(depth, limit int) *breaker {
	return &breaker{pending: make(chan struct{}, depth+limit), active: make(chan struct{}, limit)}
}

// Maybe runs f if there is room for it.
func (b *breaker) Maybe(f func()) bool {
	select {
	case b.pending <- struct{}{}:
	default:
		return false
	}
	b.active <- struct{}{}
	defer func() {
		<-b.active
		<-b.pending
	}()
	f()
	return true
}

type request struct {
	hold     *sync.Mutex
	accepted chan bool
}

// start makes a request that runs until its lock is released.
func (b *breaker) start() request {
	r := request{hold: &sync.Mutex{}, accepted: make(chan bool, 1)}
	r.hold.Lock()
	go func() {
		r.accepted <- b.Maybe(func() {
			r.hold.Lock()
			defer r.hold.Unlock()
		})
	}()
	return r
}

func load(n int) (accepted int) {
	b := newBreaker(n, 1)
	var requests []request
	for range n {
		requests = append(requests, b.start())
		time.Sleep(100 * time.Microsecond)
	}
	for i := len(requests) - 1; i >= 0; i-- {
		requests[i].hold.Unlock()
		if <-requests[i].accepted {
			accepted++
		}
	}
	return accepted
}

func run() {
	for range 10 {
		go load(2)
	}
}
