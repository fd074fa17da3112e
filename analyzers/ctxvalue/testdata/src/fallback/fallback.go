package fallback // want package:"string keys"

import "context"

type key string

const user key = "user"

func with(ctx context.Context) context.Context { return context.WithValue(ctx, user, 1) }

// The plain key is known to be another one.
func get(ctx context.Context) any {
	if v := ctx.Value(user); v != nil {
		return v
	}
	return ctx.Value("user")
}
