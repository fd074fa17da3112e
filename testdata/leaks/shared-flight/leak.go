//go:build ignore

// The one who fetches for all returns on an error before it tells the others.
//
// leak: lostgoroutine lost-signal: reported

package main

import (
	"errors"
	"sync"
	"time"
)

type flight struct {
	done  chan struct{}
	value string
	err   error
}

type loader struct {
	mu      sync.Mutex
	flights map[string]*flight
	fetch   func(key string) (string, error)
}

// Load fetches a key once for all who ask at the same time.
func (l *loader) Load(key string) (string, error) {
	l.mu.Lock()
	if f, ok := l.flights[key]; ok {
		l.mu.Unlock()
		<-f.done
		return f.value, f.err
	}
	f := &flight{done: make(chan struct{})}
	l.flights[key] = f
	l.mu.Unlock()
	return l.lead(key, f)
}

func (l *loader) lead(key string, f *flight) (string, error) {
	f.value, f.err = l.fetch(key)
	l.mu.Lock()
	delete(l.flights, key)
	l.mu.Unlock()
	if f.err != nil {
		return "", f.err
	}
	close(f.done)
	return f.value, nil
}

func run() {
	l := &loader{flights: make(map[string]*flight)}
	l.fetch = func(key string) (string, error) {
		time.Sleep(2 * time.Millisecond)
		return "", errors.New("no " + key)
	}
	for range 4 {
		go l.Load("a")
	}
}
