//go:build ignore

// A watcher that stops tells so by a channel that the sender looks at, and needs
// no lock for it.

package main

import (
	"sync"
	"time"
)

type watcher struct {
	results chan int
	gone    chan struct{}
	once    sync.Once
}

func (w *watcher) Results() <-chan int { return w.results }

func (w *watcher) Stop() { w.once.Do(func() { close(w.gone) }) }

type mux struct {
	mu       sync.Mutex
	next     int
	watchers map[int]*watcher
}

func newMux(events <-chan int) *mux {
	m := &mux{watchers: make(map[int]*watcher)}
	go m.loop(events)
	return m
}

func (m *mux) Watch() *watcher {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next++
	w := &watcher{results: make(chan int), gone: make(chan struct{})}
	m.watchers[m.next] = w
	return w
}

func (m *mux) loop(events <-chan int) {
	for e := range events {
		m.distribute(e)
	}
}

func (m *mux) distribute(e int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, w := range m.watchers {
		select {
		case w.results <- e:
		case <-w.gone:
			delete(m.watchers, id)
		}
	}
}

func run() {
	events := make(chan int, 4)
	m := newMux(events)
	w := m.Watch()
	for i := range 4 {
		events <- i
	}
	close(events)
	<-w.Results()
	time.Sleep(time.Millisecond)
	w.Stop()
}
