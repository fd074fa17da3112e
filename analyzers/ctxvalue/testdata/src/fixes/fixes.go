package fixes // want package:"string keys"

import (
	"context"
	std "context"
)

type key string

type sentKey struct{ name string }

const user key = "user"

var sent = sentKey{"sent"}

func parents() []context.Context {
	var none context.Context
	return []context.Context{
		context.WithValue(nil, user, 1), // want `context.WithValue panics because its parent context is nil`
		std.WithValue(nil, user, 1),     // want `context.WithValue panics because its parent context is nil`
		std.WithValue(none, user, 1),    // want `context.WithValue panics because its parent context is nil`
	}
}

func lookups(ctx context.Context) (any, any) {
	return ctx.Value("user"), // want `lookup of "user" finds nothing`
		ctx.Value(sent) // want `lookup of sent finds nothing` `context key sent is a variable`
}

func set(ctx context.Context) context.Context { return context.WithValue(ctx, &sent, 1) }

func shadowed(ctx context.Context, user string) any {
	return ctx.Value("user") // want `lookup of "user" finds nothing`
}
