//go:build ignore

// The error is a result like others, and given up with the context.

package main

import (
	"context"
	"errors"
	"time"
)

type result struct {
	key string
	err error
}

type watch struct {
	ctx     context.Context
	cancel  context.CancelFunc
	results chan result
	errs    chan error
}

func newWatch(ctx context.Context) *watch {
	w := &watch{results: make(chan result), errs: make(chan error, 1)}
	w.ctx, w.cancel = context.WithCancel(ctx)
	return w
}

func (w *watch) fail(err error) {
	select {
	case w.errs <- err:
	default:
	}
}

func (w *watch) run() {
	defer w.cancel()
	select {
	case err := <-w.errs:
		select {
		case w.results <- result{err: err}:
		case <-w.ctx.Done():
		}
	case <-w.ctx.Done():
	}
}

// collect returns what was seen until the watch ended.
func (w *watch) collect() (all []result) {
	for {
		select {
		case r := <-w.results:
			all = append(all, r)
			time.Sleep(time.Millisecond)
		case <-w.ctx.Done():
			return all
		}
	}
}

func run() {
	for range 20 {
		w := newWatch(context.Background())
		go w.collect()
		go w.run()
		w.fail(errors.New("compacted"))
	}
}
