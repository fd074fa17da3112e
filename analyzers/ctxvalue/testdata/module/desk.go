package desk // want package:"string keys"

import (
	"context"

	"example.com/desk/keys"
)

type user struct{ id int }

func enter(ctx context.Context, u *user) context.Context {
	return context.WithValue(ctx, keys.User, u)
}

func whoami(ctx context.Context) *user {
	u, _ := ctx.Value("user").(*user) // want `lookup of "user" finds nothing: the value is stored under a key of type keys.Key`
	return u
}

// either knows that others may use the plain key.
func either(ctx context.Context) *user {
	u, ok := ctx.Value(keys.User).(*user)
	if !ok {
		u, _ = ctx.Value("user").(*user)
	}
	return u
}
