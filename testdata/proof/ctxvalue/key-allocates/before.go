//go:build ignore

// proof: allocs

package main

import "context"

type key string

var user = key("user")

var gopher = new(int)

func withUser(ctx context.Context) context.Context { return context.WithValue(ctx, user, gopher) }

func userOf(ctx context.Context) *int {
	u, _ := ctx.Value(user).(*int)
	return u
}

func run() { *userOf(withUser(context.Background()))++ }

func main() { run() }
