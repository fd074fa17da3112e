//go:build ignore

// Listeners are called with the lock of the registry held, and one that wants no
// more events takes it to remove itself.
//
// leak: stucklock double-lock: reported with -all

package main

import "sync"

type listener func(event string)

type registry struct {
	mu        sync.Mutex
	next      int
	listeners map[int]listener
}

func (r *registry) add(l listener) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next++
	r.listeners[r.next] = l
	return r.next
}

func (r *registry) remove(id int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.listeners, id)
}

func (r *registry) notify(event string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.listeners {
		l(event)
	}
}

// once calls f at the first event only.
func (r *registry) once(f listener) {
	var id int
	id = r.add(func(event string) {
		f(event)
		r.remove(id)
	})
}

func run() {
	r := &registry{listeners: make(map[int]listener)}
	r.once(func(string) {})
	go r.notify("start")
}
