// Package medium holds what is reported with -all only.
package medium

import (
	"context"
	"time"
)

type key struct{}

type event struct{ kind, user string }

func use(ctx context.Context) error { return ctx.Err() }

type session struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func (s *session) login(user string) {
	s.ctx = context.WithValue(s.ctx, key{}, user) // want `^s\.ctx is rebuilt from itself by every call of login: one more link each time, kept in memory and walked by every lookup; use a local variable$`
}

func (s *session) start() {
	s.ctx, s.cancel = context.WithCancel(s.ctx) // want `^s\.ctx is rebuilt from itself by every call of start: one more link each time, and all of them end once one is cancelled; use a local variable$`
	go s.wait()
}

func (s *session) wait() { <-s.ctx.Done() }

func serve(ctx context.Context, events <-chan event) {
	for e := range events {
		switch e.kind {
		case "login":
			ctx = context.WithValue(ctx, key{}, e.user) // want `^ctx is rebuilt from itself in a loop: one more link in every iteration, kept in memory and walked by every lookup; derive it from the context outside the loop$`
		}
		use(ctx)
	}
}

var process = context.Background()

func setUp(timeout time.Duration) context.CancelFunc {
	var cancel context.CancelFunc
	process, cancel = context.WithTimeout(process, timeout) // want `^package variable process is rebuilt from itself by every call of setUp: one more link each time, and all of them end once one is cancelled or past its deadline; use a local variable$`
	return cancel
}

func current() context.Context { return process }

// A builder's steps are still no growth.
func (s *session) with(user string) *session {
	s.ctx = context.WithValue(s.ctx, key{}, user)
	return s
}
