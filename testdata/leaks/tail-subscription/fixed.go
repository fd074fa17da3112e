//go:build ignore

// The tail is closed by defer.

package main

import (
	"errors"
	"strings"
)

type tail struct {
	lines chan string
	stop  chan struct{}
}

// Follow sends the lines of a log until the tail is closed.
func Follow(log []string) *tail {
	t := &tail{lines: make(chan string), stop: make(chan struct{})}
	go t.forward(log)
	return t
}

func (t *tail) forward(log []string) {
	for _, line := range log {
		select {
		case t.lines <- line:
		case <-t.stop:
			return
		}
	}
	<-t.stop
}

// Next returns the next line.
func (t *tail) Next() string { return <-t.lines }

// Close ends the tail.
func (t *tail) Close() { close(t.stop) }

var errNotStarted = errors.New("the service has not started")

func waitStarted(log []string) error {
	t := Follow(log)
	defer t.Close()
	for range log {
		line := t.Next()
		if strings.HasPrefix(line, "error") {
			return errNotStarted
		}
		if line == "started" {
			break
		}
	}
	return nil
}

func run() {
	waitStarted([]string{"started"})
	waitStarted([]string{"one", "error: no disk"})
}
