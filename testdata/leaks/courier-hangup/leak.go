//go:build ignore

// A courier goes home by himself when there is an error, and who sends him home then waits for ever.
//
// leak: lostgoroutine partner-exits: reported

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

func (c *courier) sendHome() { c.home <- struct{}{} }

func run() {
	c := send(&short{2})
	time.Sleep(20 * time.Millisecond)
	go c.sendHome()
}
