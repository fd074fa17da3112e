//go:build ignore

// A server that can not listen returns before it says that it is ready.
//
// leak: lostgoroutine lost-signal: reported

package main

import (
	"errors"
	"time"
)

type server struct {
	addr  string
	ready chan struct{}
	err   error
}

var errAddr = errors.New("no address")

func (s *server) listen() error {
	if s.addr == "" {
		return errAddr
	}
	return nil
}

func (s *server) serve() {
	if err := s.listen(); err != nil {
		s.err = err
		return
	}
	close(s.ready)
	time.Sleep(time.Millisecond)
}

// start returns when the server is ready.
func start(addr string) error {
	s := &server{addr: addr, ready: make(chan struct{})}
	go s.serve()
	<-s.ready
	return s.err
}

func run() {
	start(":80")
	go start("")
}
