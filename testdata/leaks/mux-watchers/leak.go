//go:build ignore

// The multiplexer sends to its watchers with the lock held that a watcher needs
// to stop.
//
// leak: stucklock blocked-holding: not reported

package main

import (
	"sync"
	"time"
)

type watcher struct {
	results chan int
	mux     *mux
	id      int
}

func (w *watcher) Results() <-chan int { return w.results }

func (w *watcher) Stop() { w.mux.remove(w.id) }

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
	w := &watcher{results: make(chan int), mux: m, id: m.next}
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
	for _, w := range m.watchers {
		w.results <- e
	}
}

func (m *mux) remove(id int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w, ok := m.watchers[id]; ok {
		delete(m.watchers, id)
		close(w.results)
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
