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

var audience = context.Background()

// 64 a subscription that changes the package
func b64(b bus) {
	b.Subscribe("users", func(m msg) { enter(m.ID) })
}

func enter(user string) {
	audience = context.WithValue(audience, key{}, user) // want `package variable audience is rebuilt from itself by every call of enter`
	use(audience, msg{})
}

// A visit is a context, and keeps another.
type visit struct {
	context.Context
	before context.Context
}

// 65 own parent, besides another context
func (v *visit) follow(m msg) {
	v.Context, _ = context.WithCancel(context.WithValue(v, key{}, m.ID)) // want `v.Context is made from v, which asks v.Context in turn`
}

// 66 the embedded one of two
func b66(v *visit, in <-chan msg) {
	for m := range in {
		v.Context = context.WithValue(v.Context, key{}, m.ID) // want `v.Context is rebuilt from itself in a loop`
		use(v, m)
	}
}

type step func(m msg) error

// 63 a step of a pipeline
func b63(ctx context.Context, next func(context.Context, msg) error) step {
	return func(m msg) error {
		ctx = context.WithValue(ctx, key{}, m.ID) // want `rebuilt from itself by every call of it`
		return next(ctx, m)
	}
}
