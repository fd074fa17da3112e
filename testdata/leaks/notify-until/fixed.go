//go:build ignore

// The waiter looks at the state that the notice stands for.

package main

import (
	"sync"
	"time"
)

// async runs f and returns a channel that is closed when f is over.
func async(f func()) <-chan struct{} {
	ch := make(chan struct{})
	go func() {
		defer close(ch)
		f()
	}()
	return ch
}

type notices struct {
	mu    sync.Mutex
	cond  *sync.Cond
	given int
	over  bool
}

func newNotices() *notices {
	n := &notices{}
	n.cond = sync.NewCond(&n.mu)
	return n
}

func (n *notices) give() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.given++
	n.cond.Signal()
}

func (n *notices) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.over = true
	n.cond.Broadcast()
}

// serve handles notices until the end.
func (n *notices) serve() (handled int) {
	for {
		n.mu.Lock()
		over := n.over
		n.mu.Unlock()
		if over {
			return handled
		}
		time.Sleep(20 * time.Microsecond)
		<-async(func() {
			n.mu.Lock()
			defer n.mu.Unlock()
			for n.given == handled && !n.over {
				n.cond.Wait()
			}
		})
		handled++
	}
}

func run() {
	for range 20 {
		n := newNotices()
		go n.serve()
		go func() {
			for range 5 {
				n.give()
			}
			n.end()
		}()
	}
}
