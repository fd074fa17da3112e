//go:build ignore

// A subscriber that has seen enough stays in the hub, and Publish waits for it
// with the lock held.
//
// leak: stucklock blocked-holding: reported as lostgoroutine partner-exits with -all

package main

import (
	"sync"
	"time"
)

type subscription struct {
	messages chan string
}

type hub struct {
	mu   sync.Mutex
	subs map[*subscription]bool
}

func (h *hub) Subscribe() *subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := &subscription{messages: make(chan string)}
	h.subs[s] = true
	return s
}

func (h *hub) Unsubscribe(s *subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, s)
}

func (h *hub) Publish(message string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		s.messages <- message
	}
}

// Await returns when the message was published.
func (h *hub) Await(want string) {
	s := h.Subscribe()
	defer h.Unsubscribe(s)
	for m := range s.messages {
		if m == want {
			time.Sleep(time.Millisecond)
			return
		}
	}
}

func run() {
	h := &hub{subs: make(map[*subscription]bool)}
	go h.Await("ready")
	for h.count() == 0 {
		time.Sleep(10 * time.Microsecond)
	}
	go func() {
		for _, m := range []string{"starting", "ready", "busy"} {
			h.Publish(m)
		}
	}()
}

func (h *hub) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.subs)
}
