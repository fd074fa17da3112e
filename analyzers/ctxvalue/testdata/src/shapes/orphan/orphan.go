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

// Keys of one type, one of them empty.
type (
	streamKey struct {
		stream any
		name   string
	}
	scopeKey struct{ name string }
)

func withStream(ctx context.Context, stream any, v *int) context.Context {
	return context.WithValue(ctx, streamKey{stream: stream}, v)
}

func stream(ctx context.Context) *int {
	v, _ := ctx.Value(streamKey{}).(*int) // want `lookup of streamKey\{\} finds nothing: the value is stored under a streamKey whose fields are set, and keys are equal only if all fields are`
	return v
}

func withScope(ctx context.Context, name string, v *int) context.Context {
	ctx = context.WithValue(ctx, scopeKey{"outer"}, v)
	return context.WithValue(ctx, scopeKey{name}, v)
}

func scope(ctx context.Context) *int {
	v, _ := ctx.Value(scopeKey{}).(*int)
	return v
}
