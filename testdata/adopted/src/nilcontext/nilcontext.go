// Package nilcontext passes nil for a context.
package nilcontext

import (
	"context"
	"errors"
)

type queue struct{ c chan int }

// poll does not wait without a context.
func (q *queue) poll(ctx context.Context) (n int, ok bool) { return q.take(ctx, 1) }

func (q *queue) take(ctx context.Context, least int) (n int, ok bool) {
	if ctx == nil || least == 0 {
		select {
		case n = <-q.c:
			return n, true
		default:
			return 0, false
		}
	}
	return q.wait(ctx)
}

func (q *queue) wait(ctx context.Context) (n int, ok bool) {
	select {
	case n = <-q.c:
		return n, true
	case <-ctx.Done():
		return 0, false
	}
}

func drain(q *queue) (n int) {
	for {
		m, ok := q.poll(nil)
		if !ok {
			return n
		}
		n += m
	}
}

func first(q *queue) int {
	n, _ := q.wait(nil) // want `do not pass a nil Context`
	return n
}

func ended() context.CancelFunc {
	_, cancel := context.WithCancel(nil) // want `do not pass a nil Context`
	return cancel
}

// These ask for it in order to refuse it.
func mustHave(ctx context.Context) {
	if ctx == nil {
		panic("nil context")
	}
	<-ctx.Done()
}

func wants(ctx context.Context) error {
	if ctx == nil {
		return errors.New("nil context")
	}
	<-ctx.Done()
	return nil
}

func refusedAnyway() {
	mustHave(nil)  // want `do not pass a nil Context`
	_ = wants(nil) // want `do not pass a nil Context`
}
