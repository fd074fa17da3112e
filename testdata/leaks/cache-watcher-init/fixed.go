//go:build ignore

// Each send gives up when the watcher is stopped.

package main

import "sync"

type event struct {
	kind string
	key  string
}

type cacheWatcher struct {
	mu      sync.Mutex
	stopped bool
	input   chan event
	result  chan event
	done    chan struct{}
}

func newCacheWatcher(size int, initial []event) *cacheWatcher {
	w := &cacheWatcher{input: make(chan event, size), result: make(chan event, size)}
	w.done = make(chan struct{})
	go w.process(initial)
	return w
}

func (w *cacheWatcher) ResultChan() <-chan event { return w.result }

func (w *cacheWatcher) Stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.stopped {
		w.stopped = true
		close(w.done)
		close(w.input)
	}
}

func (w *cacheWatcher) add(e event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return
	}
	select {
	case w.input <- e:
	default: // too slow a watcher starts again
	}
}

func (w *cacheWatcher) send(e event) {
	if e.key == "" {
		return
	}
	select {
	case w.result <- e:
	case <-w.done:
	}
}

func (w *cacheWatcher) process(initial []event) {
	defer close(w.result)
	for _, e := range initial {
		w.send(e)
	}
	for e := range w.input {
		w.send(e)
	}
}

func firstKind(initial []event) string {
	w := newCacheWatcher(0, initial)
	defer w.Stop()
	w.add(event{"changed", "c"})
	e := <-w.ResultChan()
	return e.kind
}

func run() { firstKind([]event{{"added", "a"}, {"added", "b"}}) }
