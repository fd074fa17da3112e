package grows

import (
	"context"
	"time"
)

// Functions that call each other.

type machine struct {
	steps chan string
	do    func(context.Context, string) bool
}

func (m *machine) next(ctx context.Context) {
	s, ok := <-m.steps
	if ok && m.do(ctx, s) {
		m.on(ctx, s)
	}
}

func (m *machine) on(ctx context.Context, s string) {
	m.next(context.WithValue(ctx, key{}, s)) // want `^each call of next makes the context of the next from its own: one more link each time, kept in memory and walked by every lookup; use a loop and derive from the context outside it$`
}

func even(ctx context.Context, n int, next func() (int, bool)) bool {
	m, ok := next()
	if !ok {
		return n%2 == 0
	}
	return odd(context.WithValue(ctx, key{}, m), m, next) // want `^each call of even makes the context`
}

func odd(ctx context.Context, n int, next func() (int, bool)) bool {
	m, ok := next()
	if !ok || ctx.Err() != nil {
		return n%2 == 1
	}
	return even(ctx, m, next)
}

// What a function value says is no limit that the context carries.
func await(ctx context.Context, ready func(context.Context) bool) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second) // want `^each call of await makes the context`
	defer cancel()
	if ready(ctx) || ctx.Err() != nil {
		return ctx.Err()
	}
	return await(ctx, ready)
}

// The wait that doubles is no limit.
type dialer struct{ dial func(context.Context) error }

func (d *dialer) reconnect(ctx context.Context, wait time.Duration) {
	if d.dial(ctx) == nil {
		return
	}
	time.AfterFunc(wait, func() {
		d.reconnect(context.WithValue(ctx, key{}, wait), 2*wait) // want `^each call of reconnect makes the context`
	})
}

// What is deferred in between does not end the recursion.

type modem struct{ call func(context.Context) error }

func (m *modem) dial(ctx context.Context) error {
	if err := m.call(ctx); err != nil {
		return m.redial(ctx)
	}
	return nil
}

func (m *modem) redial(ctx context.Context) error {
	ctx = context.WithValue(ctx, key{}, "again") // want `^each call of dial makes the context`
	defer println("redialled")
	return m.dial(ctx)
}
