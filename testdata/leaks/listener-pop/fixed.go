//go:build ignore

// The notification is taken out under the lock and delivered without it.

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

// take waits for a notification; there is none when it is stopped.
func (l *listener) take(stop <-chan struct{}) (notification, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.pending) == 0 {
		select {
		case <-stop:
			return notification{}, false
		default:
		}
		l.cond.Wait()
	}
	n := l.pending[0]
	l.pending = l.pending[1:]
	return n, true
}

// pop delivers until it is stopped.
func (l *listener) pop(stop <-chan struct{}) {
	for {
		n, ok := l.take(stop)
		if !ok {
			return
		}
		select {
		case l.out <- n:
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
