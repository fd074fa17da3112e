//go:build ignore

// proof: behaviour

package main

import "context"

type user struct{ name string }

type userKey struct{}

func WithUser(ctx context.Context, u *user) context.Context {
	return context.WithValue(ctx, userKey{}, u)
}

func Name(ctx context.Context) string {
	u, ok := ctx.Value(userKey{}).(*user)
	if !ok {
		return ""
	}
	return u.name
}

func run() string {
	if Name(WithUser(context.Background(), &user{"gopher"})) != "gopher" {
		return "bad: not the user"
	}
	if Name(context.Background()) != "" {
		return "bad: a user from nowhere"
	}
	return "ok"
}

func main() { println(run()) }
