package stays

import (
	"context"
	"time"
)

// Functions that call each other, to an end.

type parser struct {
	toks []string
	pos  int
}

func (p *parser) expr(ctx context.Context) int {
	if p.toks[p.pos] == "(" {
		p.pos++
		n := p.block(context.WithValue(ctx, key{}, p.pos))
		p.pos++
		return n
	}
	return 1
}

func (p *parser) block(ctx context.Context) (n int) {
	for p.toks[p.pos] != ")" {
		n += p.expr(ctx)
	}
	return n
}

type item struct{ next *item }

func down(ctx context.Context, n *item) int {
	if n == nil {
		return 0
	}
	return further(context.WithValue(ctx, key{}, n), n)
}

func further(ctx context.Context, n *item) int { return down(ctx, n.next) }

func countdown(ctx context.Context, n int) error {
	if n == 0 {
		return nil
	}
	return again(context.WithValue(ctx, key{}, n), n-1)
}

func again(ctx context.Context, n int) error { return countdown(ctx, n) }

func first(ctx context.Context, retried bool) error {
	if retried {
		return ctx.Err()
	}
	return second(context.WithValue(ctx, key{}, retried))
}

func second(ctx context.Context) error { return first(ctx, true) }

func fresh(ctx context.Context, in chan int) {
	if n, ok := <-in; ok {
		other(context.WithValue(ctx, key{}, n), ctx, in)
	}
}

func other(child, ctx context.Context, in chan int) {
	use(child, msg{})
	fresh(ctx, in)
}

type dialer struct{ dial func(context.Context) error }

func (d *dialer) reconnect(ctx context.Context, wait time.Duration) {
	if d.dial(ctx) == nil {
		return
	}
	time.AfterFunc(wait, func() {
		if wait < time.Minute {
			d.reconnect(context.WithValue(ctx, key{}, wait), 2*wait)
		}
	})
}

// Each name leads to the next one, and the span of it is part of that of the one before.

type alias struct {
	open func(string) (string, error)
}

func (a *alias) chase(ctx context.Context, name string) error {
	ctx = context.WithValue(ctx, key{}, "chase")
	defer println("chased")
	return a.next(ctx, name)
}

func (a *alias) next(ctx context.Context, name string) error {
	to, err := a.open(name)
	if err != nil || to == "" {
		return err
	}
	return a.chase(ctx, to)
}
