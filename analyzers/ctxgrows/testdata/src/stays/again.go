package stays

import (
	"context"
)

type bus interface {
	Subscribe(topic string, f func(m msg)) error
	Once(topic string, f func(m msg)) error
	Each(f func(m msg))
}

type frames struct {
	ctx  context.Context
	bad  int
	n    int
	seen int
}

// Set once, though it counts something.
func (f *frames) name(m msg) {
	f.n++
	f.ctx = context.WithValue(f.ctx, key{}, m.ID)
}

// Counts what went wrong.
func (f *frames) handle(m msg) error {
	if m.ID == "" {
		f.bad++
	}
	ctx := context.WithValue(f.ctx, key{}, m.ID)
	return use(ctx, m)
}

func (f *frames) fresh(ctx context.Context, m msg) error {
	f.seen++
	f.ctx = context.WithValue(ctx, key{}, f.seen)
	return use(f.ctx, m)
}

func g40(ctx context.Context, b bus) {
	b.Once("ready", func(m msg) {
		ctx = context.WithValue(ctx, key{}, m.ID)
		use(ctx, m)
	})
	b.Subscribe("orders", func(m msg) {
		ctx := context.WithValue(ctx, key{}, m.ID)
		use(ctx, m)
	})
}

var settings = context.Background()

func g44(b bus) {
	b.Once("config", func(m msg) { configure(m.ID) })
}

func configure(v string) { settings = context.WithValue(settings, key{}, v) }

// Two contexts, none of which stands for the whole.
type pair struct{ first, second context.Context }

func (p *pair) swap(m msg) {
	p.first = context.WithValue(p.second, key{}, m.ID)
	p.second = context.WithValue(context.Background(), key{}, m.ID)
}

// What they build is for use afterwards.
func g41(ctx context.Context, b bus) error {
	b.Each(func(m msg) {
		ctx = context.WithValue(ctx, key{}, m.ID)
		use(ctx, m)
	})
	return use(ctx, msg{})
}

// Called once, for what it does last.
func g42(ctx context.Context) func() error {
	return func() error {
		ctx = context.WithValue(ctx, key{}, "last")
		return use(ctx, msg{})
	}
}

func g43(octx context.Context) func(m msg) error {
	return func(m msg) error {
		ctx := context.WithValue(octx, key{}, m.ID)
		return use(ctx, m)
	}
}
