//go:build ignore

// The keepalive sleeps until there is a stream, with the lock held that a new
// stream takes.
//
// leak: stucklock blocked-holding: reported

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
			<-l.awaken
			l.mu.Unlock()
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
	l := &link{awaken: make(chan struct{})}
	go l.keepalive(100 * time.Microsecond)
	time.Sleep(time.Millisecond)
	l.Open()
	l.Close()
}
