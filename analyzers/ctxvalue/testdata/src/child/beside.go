package child

import (
	"context"
	"time"
)

type crew struct {
	ctx    context.Context
	cancel context.CancelFunc
	jobs   chan func(context.Context)
}

// The crew works with the parent, which its cancel does not end.
func newCrew(ctx context.Context, size int) *crew {
	_, cancel := context.WithCancel(ctx) // want `the context that context.WithCancel returns is never used: the ctx that is kept beside its cancel function is its parent, which that does not end`
	c := crew{
		ctx:    ctx,
		cancel: cancel,
		jobs:   make(chan func(context.Context), size),
	}
	return &c
}

func (c *crew) set(ctx context.Context, d time.Duration) {
	c.ctx = ctx
	_, c.cancel = context.WithTimeout(ctx, d) // want `the context that context.WithTimeout returns is never used: the ctx that is kept beside its cancel function is its parent`
}

func newCrewRight(ctx context.Context, size int) *crew {
	ctx, cancel := context.WithCancel(ctx)
	return &crew{ctx: ctx, cancel: cancel, jobs: make(chan func(context.Context), size)}
}

// Its cancel is there for those who ask for one, and ends nothing.
func newIdleCrew(ctx context.Context) *crew {
	_, cancel := context.WithCancel(ctx)
	return &crew{cancel: cancel}
}

// Two crews: the one whose cancel it is has no context.
func newCrews(ctx context.Context) (*crew, *crew) {
	_, cancel := context.WithCancel(ctx)
	return &crew{cancel: cancel}, &crew{ctx: ctx}
}
