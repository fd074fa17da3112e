//go:build ignore

// The listener waits with its lock held until it is stopped, and whoever stops it
// takes the lock before.
//
// leak: stucklock blocked-holding: not reported

package main

import (
	"sync"
	"time"
)

type notification struct{ key string }

type listener struct {
	mu      sync.RWMutex
	cond    sync.Cond
	pending []notification
	out     chan notification
}

func newListener() *listener {
	l := &listener{out: make(chan notification)}
	l.cond.L = &l.mu
	return l
}

func (l *listener) add(n notification) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, n)
	l.cond.Broadcast()
}

// pop delivers until it is stopped.
func (l *listener) pop(stop <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		for len(l.pending) == 0 {
			select {
			case <-stop:
				return
			default:
			}
			l.cond.Wait()
		}
		select {
		case l.out <- l.pending[0]:
			l.pending = l.pending[1:]
		case <-stop:
			return
		}
	}
}

func (l *listener) len() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.pending)
}

// wake lets pop look at its stop channel.
func (l *listener) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cond.Broadcast()
}

func session() int {
	l := newListener()
	stop := make(chan struct{})
	go l.pop(stop)
	l.add(notification{"a"})
	time.Sleep(2 * time.Millisecond)
	left := l.len()
	close(stop)
	l.wake()
	return left
}

func run() {
	for range 10 {
		go session()
	}
}
