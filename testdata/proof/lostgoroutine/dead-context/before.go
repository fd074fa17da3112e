//go:build ignore

// proof: leak no-exit

package main

import "context"

type session struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func open() *session {
	s := new(session)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	go s.wait()
	return s
}

func (s *session) wait() {
	<-s.ctx.Done()
	s.close()
}

func (s *session) close() { s.cancel() }

func run() {
	s := open()
	_ = s.ctx
}
