//go:build ignore

// Who leaves unsubscribes, and a message for who has left is dropped.

package main

import (
	"sync"
	"time"
)

type subscription struct {
	messages chan string
	left     chan struct{}
}

type hub struct {
	mu   sync.Mutex
	subs map[*subscription]bool
}

func (h *hub) Subscribe() *subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := &subscription{messages: make(chan string)}
	s.left = make(chan struct{})
	h.subs[s] = true
	return s
}

func (h *hub) Unsubscribe(s *subscription) {
	close(s.left)
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, s)
}

func (h *hub) Publish(message string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		select {
		case s.messages <- message:
		case <-s.left:
		}
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
