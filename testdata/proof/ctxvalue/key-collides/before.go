//go:build ignore

// proof: behaviour

package main

import "context"

// Two keys, one address: both point to variables of size 0.
var (
	userKey  = new(struct{})
	tokenKey = new(struct{})
)

// pointers returns what is found under userKey.
func pointers(ctx context.Context) any {
	ctx = context.WithValue(ctx, userKey, "gopher")
	ctx = context.WithValue(ctx, tokenKey, "secret")
	return ctx.Value(userKey)
}

// authenticate and trace stand for two packages that know nothing of each other.
func authenticate(ctx context.Context) context.Context { return context.WithValue(ctx, "id", 7) }

func trace(ctx context.Context) context.Context { return context.WithValue(ctx, "id", 9) }

func strings(ctx context.Context) any { return trace(authenticate(ctx)).Value("id") }

func run() string {
	user, id := pointers(context.Background()), strings(context.Background())
	switch {
	case user != "gopher" && id != 7:
		return "bad: the user is the secret, and the id is that of the trace"
	case user != "gopher" || id != 7:
		return "only one of two collides"
	}
	return "ok"
}

func main() { println(run()) }
