//go:build ignore

// Who sends a courier home closes a channel, whether he is still on his way or not.

package main

import (
	"errors"
	"time"
)

type road interface{ next() (string, error) }

type short struct{ left int }

func (s *short) next() (string, error) {
	if s.left == 0 {
		return "", errors.New("dead end")
	}
	s.left--
	return "corner", nil
}

type courier struct {
	road  road
	home  chan struct{}
	stops chan string
}

func send(r road) *courier {
	c := &courier{road: r, home: make(chan struct{}), stops: make(chan string, 8)}
	go c.walk()
	return c
}

func (c *courier) walk() {
	defer close(c.stops)
	for {
		stop, err := c.road.next()
		if err != nil {
			return
		}
		select {
		case c.stops <- stop:
		case <-c.home:
			return
		}
	}
}

func (c *courier) sendHome() { close(c.home) }

func run() {
	c := send(&short{2})
	time.Sleep(20 * time.Millisecond)
	go c.sendHome()
}
