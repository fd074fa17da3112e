//go:build ignore

// Remove waits for the notice that the file is gone, which the event loop would
// give, were it not for the event that nobody takes from it any more.
//
// leak: lostgoroutine partner-exits: not reported

package main

import (
	"sync"
	"time"
)

type op int

const (
	written op = iota
	removed
)

type fileWatcher interface {
	Events() <-chan op
	Remove()
	Close()
}

type inotify struct {
	mu     sync.Mutex
	gone   *sync.Cond
	exists bool
	events chan op
	kernel chan op
	done   chan struct{}
}

func newInotify() fileWatcher {
	w := &inotify{exists: true, events: make(chan op), kernel: make(chan op, 8), done: make(chan struct{})}
	w.gone = sync.NewCond(&w.mu)
	go w.read()
	return w
}

func (w *inotify) read() {
	defer close(w.events)
	for {
		select {
		case ev := <-w.kernel:
			if w.ignore(ev) {
				continue
			}
			select {
			case w.events <- ev:
			case <-w.done:
				return
			}
		case <-w.done:
			return
		}
	}
}

// ignore handles what the reader of Events need not know.
func (w *inotify) ignore(ev op) bool {
	if ev != removed {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.exists = false
	w.gone.Broadcast()
	return true
}

func (w *inotify) Events() <-chan op { return w.events }
func (w *inotify) Close()            { close(w.done) }

// Remove returns when the kernel has confirmed it.
func (w *inotify) Remove() {
	w.kernel <- removed
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.exists {
		w.gone.Wait()
	}
}

type reader struct {
	once sync.Once
	stop chan struct{}
}

func (r *reader) Close() { r.once.Do(func() { close(r.stop) }) }

func follow(r *reader) {
	w := newInotify()
	defer w.Close()
	w.(*inotify).kernel <- written
	for {
		select {
		case <-w.Events():
			w.(*inotify).kernel <- written
			time.Sleep(50 * time.Microsecond)
		case <-r.stop:
			w.Remove()
			return
		}
	}
}

func run() {
	for range 20 {
		r := &reader{stop: make(chan struct{})}
		go follow(r)
		time.Sleep(200 * time.Microsecond)
		r.Close()
	}
}
