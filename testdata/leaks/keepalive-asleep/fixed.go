//go:build ignore

// The lock is released for the sleep.

package main

import (
	"sync"
	"time"
)

type stream struct{ id int }

type link struct {
	mu      sync.Mutex
	closed  bool
	awaken  chan struct{}
	streams []*stream
	pings   int
}

func (l *link) keepalive(every time.Duration) {
	for {
		l.mu.Lock()
		if l.closed {
			l.mu.Unlock()
			return
		}
		if len(l.streams) == 0 {
			l.mu.Unlock()
			<-l.awaken
			continue
		}
		l.pings++
		l.mu.Unlock()
		time.Sleep(every)
	}
}

func (l *link) Open() *stream {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &stream{id: len(l.streams)}
	l.streams = append(l.streams, s)
	l.wake()
	return s
}

func (l *link) wake() {
	select {
	case l.awaken <- struct{}{}:
	default:
	}
}

func (l *link) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.wake()
}

func run() {
	l := &link{awaken: make(chan struct{}, 1)}
	go l.keepalive(100 * time.Microsecond)
	time.Sleep(time.Millisecond)
	l.Open()
	l.Close()
}
