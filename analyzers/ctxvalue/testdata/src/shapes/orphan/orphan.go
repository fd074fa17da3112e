package orphan

import "context"

// Set under one key, looked up under another.
type (
	requestKey   struct{}
	requestIDKey struct{}
	hookKey      struct{}
)

func withRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

func request(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string) // want `lookup of requestIDKey\{\} finds nothing: no value is stored under it, and what is stored under requestKey\{\} is never looked up`
	return id
}

// A hook for tests has a type of its own.
func hook(ctx context.Context) {
	if f, ok := ctx.Value(hookKey{}).(func()); ok {
		f()
	}
}
