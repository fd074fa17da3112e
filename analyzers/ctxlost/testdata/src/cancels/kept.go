package cancels

import (
	"context"
	"sync"
	"time"
)

// Defects.

type rooms struct {
	mu    sync.Mutex
	stops map[string]context.CancelFunc
}

func (r *rooms) enter(ctx context.Context, name string) {
	ctx, stop := context.WithCancel(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, there := r.stops[name]; !there {
		r.stops[name] = stop // want `the cancel functions that are kept in field stops are never called: whatever waits for its context to end`
	}
	go work(ctx)
}

func (r *rooms) leave(name string) {
	r.mu.Lock()
	delete(r.stops, name)
	r.mu.Unlock()
}

func (r *rooms) size() int { return len(r.stops) }

type crew[T any] struct {
	who   T
	halts []func()
}

func (c *crew[T]) hire(ctx context.Context) {
	ctx, halt := context.WithTimeout(ctx, time.Hour)
	c.halts = append(c.halts, halt) // want `kept in field halts are never called: whatever waits for its context and timer`
	go work(ctx)
}

var jobs = map[int]context.CancelFunc{}

func job(ctx context.Context, id int) {
	ctx, jobs[id] = context.WithCancel(ctx) // want `kept in package variable jobs are never called`
	go work(ctx)
}

// Right.

type called1 struct{ by map[string]context.CancelFunc }

func (c *called1) add(ctx context.Context, name string) {
	ctx, cancel := context.WithCancel(ctx)
	c.by[name] = cancel
	go work(ctx)
}

func (c *called1) end(name string) { c.by[name]() }

type taken struct{ by map[string]context.CancelFunc }

func (c *taken) add(ctx context.Context, name string) {
	ctx, c.by[name] = context.WithCancel(ctx)
	go work(ctx)
}

func (c *taken) end(name string) {
	if cancel, ok := c.by[name]; ok {
		cancel()
	}
}

type ranged struct{ all []func() }

func (c *ranged) add(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	c.all = append(c.all, cancel)
	go work(ctx)
}

func (c *ranged) end() {
	for _, f := range c.all {
		f()
	}
}

type handed struct{ all []func() }

func (c *handed) add(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	c.all = append(c.all, cancel)
	go work(ctx)
}

func (c *handed) hooks() []func() { return c.all }

type calledToo struct{ all []context.CancelFunc }

func (c *calledToo) add(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	c.all = append(c.all, cancel)
	go func() {
		defer cancel()
		work(ctx)
	}()
}

type merged struct{ all []func() }

func (c *merged) add(ctx context.Context, more *[]func()) {
	ctx, cancel := context.WithCancel(ctx)
	c.all = append(c.all, cancel)
	*more = append(*more, c.all...)
	go work(ctx)
}

// To ask whether there is one is not to call it.

type asked struct {
	ctx  context.Context
	halt func()
}

func (a *asked) start(parent context.Context) {
	a.ctx, a.halt = context.WithCancel(parent) // want `kept in field halt is never called`
	go work(a.ctx)
}

func (a *asked) started() bool { return a.halt != nil }
