package grows

import (
	"context"
	"sync/atomic"
	"time"
)

type bus interface {
	Subscribe(topic string, f func(m msg)) error
	Once(topic string, f func(m msg)) error
}

type frames struct {
	ctx   context.Context
	seen  int
	total atomic.Int64
}

// 60 counts its calls
func (f *frames) frame(m msg) error {
	f.seen++
	f.ctx = context.WithValue(f.ctx, key{}, f.seen) // want `f.ctx is rebuilt from itself by every call of frame`
	return use(f.ctx, m)
}

// 61 the same with an atomic counter and a deadline
func (f *frames) timed(m msg) error {
	var cancel context.CancelFunc
	f.ctx, cancel = context.WithTimeout(f.ctx, time.Second) // want `f.ctx is rebuilt from itself by every call of timed`
	defer cancel()
	f.total.Add(1)
	return use(f.ctx, m)
}

// 62 a subscription
func b62(ctx context.Context, b bus) error {
	return b.Subscribe("orders", func(m msg) {
		ctx = context.WithValue(ctx, key{}, m.ID) // want `ctx is declared outside the function literal and rebuilt from itself by every call of it`
		use(ctx, m)
	})
}

type step func(m msg) error

// 63 a step of a pipeline
func b63(ctx context.Context, next func(context.Context, msg) error) step {
	return func(m msg) error {
		ctx = context.WithValue(ctx, key{}, m.ID) // want `rebuilt from itself by every call of it`
		return next(ctx, m)
	}
}
