//go:build ignore

// Each session has a goroutine that waits for the end of its context, and a
// caller that fails to log in returns without the Close that would cancel it.
//
// leak: lostgoroutine contract: not reported

package main

import (
	"context"
	"errors"
)

type session struct {
	ctx    context.Context
	cancel context.CancelFunc
	user   string
}

type server struct{ passwords map[string]string }

func (s *server) open(ctx context.Context) *session {
	ctx, cancel := context.WithCancel(ctx)
	ses := &session{ctx: ctx, cancel: cancel}
	go ses.awaitEnd()
	return ses
}

func (s *session) awaitEnd() {
	<-s.ctx.Done()
	s.user = ""
}

// Close ends the session.
func (s *session) Close() { s.release() }

func (s *session) release() { s.cancel() }

// Login opens a session; the caller closes it.
func (s *server) Login(ctx context.Context, user, password string) (*session, error) {
	ses := s.open(ctx)
	if s.passwords[user] != password {
		return nil, errors.New("wrong password")
	}
	return ses, nil
}

func run() {
	s := &server{passwords: map[string]string{"ann": "x"}}
	if ses, err := s.Login(context.Background(), "ann", "x"); err == nil {
		ses.Close()
	}
	s.Login(context.Background(), "ann", "y")
}
