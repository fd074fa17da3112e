package bag

import "context"

type slot[T any] struct{}

// Keep stores a value of any type under a key of its own.
func Keep[T any](ctx context.Context, v T) context.Context { // want Keep:"boxes.*derives"
	return context.WithValue(ctx, slot[T]{}, v)
}
