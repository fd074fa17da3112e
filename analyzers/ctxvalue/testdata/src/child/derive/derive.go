package derive

import (
	"context"
	"net/http"
	"time"
)

type key struct{}

func With(ctx context.Context, s string) context.Context { // want With:"derives"
	return context.WithValue(ctx, key{}, s)
}

func Request(r *http.Request, s string) *http.Request { // want Request:"derives"
	return r.WithContext(With(r.Context(), s))
}

// Limit gives work that has no deadline yet a second, and longer work its own time.
func Limit(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) { // want Limit:"cancels"
	if d == 0 {
		return context.WithTimeout(ctx, time.Second)
	}
	return context.WithDeadline(With(ctx, "long"), time.Now().Add(d))
}

// Scope is Limit for those who like plain functions.
func Scope[T any](ctx context.Context, _ T) (context.Context, func()) { // want Scope:"cancels"
	ctx, cancel := Limit(ctx, 0)
	return ctx, func() { cancel() }
}

// Fresh is a child of nothing that it was given.
func Fresh(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), time.Second)
}

// Task is a context and something else that ends.
func Task(ctx context.Context, name string) (context.Context, *Timer) {
	return With(ctx, name), new(Timer)
}

type Timer struct{}

func (*Timer) Stop() {}

var count int

// Counted has an effect of its own.
func Counted(ctx context.Context) context.Context {
	count++
	return With(ctx, "counted")
}
