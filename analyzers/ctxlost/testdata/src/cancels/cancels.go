// Package cancels forgets to cancel.
package cancels

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"time"
)

func work(ctx context.Context) error { return ctx.Err() }

// Defects.

type literal struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func newLiteral() *literal {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	l := &literal{ctx: ctx, cancel: cancel} // want `kept in field cancel is never called: whatever waits for its context and timer`
	go work(l.ctx)
	return l
}

type positional struct {
	ctx  context.Context
	stop context.CancelFunc
}

func newPositional(parent context.Context) positional {
	ctx, stop := context.WithCancel(parent)
	return positional{ctx, stop} // want `kept in field stop is never called`
}

type plain struct {
	name string
	quit func()
}

func (p *plain) start(ctx context.Context) {
	ctx, p.quit = context.WithCancel(ctx) // want `kept in field quit is never called`
	go work(ctx)
}

type generic[T any] struct {
	v    T
	done context.CancelCauseFunc
}

func newGeneric[T any](v T) *generic[T] {
	g := &generic[T]{v: v}
	ctx, done := context.WithCancelCause(context.Background())
	g.done = done // want `kept in field done is never called`
	go work(ctx)
	return g
}

func loop(ctx context.Context, n int) error {
	for i := 0; i < n; i++ {
		c, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel() // want `is deferred in a loop`
		if err := work(c); err != nil {
			return err
		}
	}
	return nil
}

func server(ctx context.Context, in <-chan int) {
	for range in {
		c, stop := context.WithCancel(ctx)
		defer func() { stop() }() // want `is deferred in a loop`
		work(c)
	}
}

func limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, time.Second)
}

func helped(ctx context.Context, in <-chan int) {
	for range in {
		c, cancel := limited(ctx)
		defer cancel() // want `is deferred in a loop`
		work(c)
	}
}

func interrupted(ctx context.Context, in <-chan int) {
	for range in {
		c, stop := signal.NotifyContext(ctx, os.Interrupt)
		defer stop() // want `is deferred in a loop`
		work(c)
	}
}

func messages(ctx context.Context, in <-chan int) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-in:
			c, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel() // want `is deferred in a loop`
			if err := work(c); err != nil {
				return err
			}
		}
	}
}

func labelled(ctx context.Context, xs [][]int) {
outer:
	for _, x := range xs {
		for range x {
			c, cancel := context.WithCancelCause(ctx)
			defer cancel(errors.New("over")) // want `is deferred in a loop`
			if work(c) != nil {
				continue outer
			}
		}
	}
}
