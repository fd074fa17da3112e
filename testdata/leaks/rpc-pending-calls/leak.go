//go:build ignore

// The read loop ends with the connection, and the calls that wait for a reply
// are not told.
//
// leak: lostgoroutine partner-exits: reported

package main

import (
	"errors"
	"io"
	"sync"
)

type reply struct {
	id   int
	body string
}

// A wire gives one reply after the other.
type wire interface{ Next() (reply, error) }

var errDisconnected = errors.New("disconnected")

type client struct {
	wire    wire
	mu      sync.Mutex
	broken  bool
	next    int
	pending map[int]chan reply
}

func newClient(w wire) *client {
	c := &client{wire: w, pending: make(map[int]chan reply)}
	return c
}

func (c *client) readLoop() {
	for {
		r, err := c.wire.Next()
		if err != nil {
			break
		}
		c.mu.Lock()
		ch := c.pending[r.id]
		delete(c.pending, r.id)
		c.mu.Unlock()
		if ch != nil {
			ch <- r
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broken = true
}

// Call returns the reply to the next request.
func (c *client) Call() (string, error) {
	c.mu.Lock()
	if c.broken {
		c.mu.Unlock()
		return "", errDisconnected
	}
	c.next++
	ch := make(chan reply, 1)
	c.pending[c.next] = ch
	c.mu.Unlock()
	r := <-ch
	return r.body, nil
}

type script struct {
	replies []reply
	gate    chan struct{}
}

func (s *script) Next() (reply, error) {
	<-s.gate
	if len(s.replies) == 0 {
		return reply{}, io.EOF
	}
	r := s.replies[0]
	s.replies = s.replies[1:]
	return r, nil
}

func run() {
	s := &script{replies: []reply{{1, "one"}}, gate: make(chan struct{})}
	c := newClient(s)
	go c.readLoop()
	for range 3 {
		go c.Call()
	}
	for {
		c.mu.Lock()
		n := len(c.pending)
		c.mu.Unlock()
		if n == 3 {
			break
		}
	}
	close(s.gate)
}
