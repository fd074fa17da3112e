//go:build ignore

// proof: allocs

package main

import "context"

type (
	idKey   struct{}
	userKey struct{}
	roleKey struct{}
	langKey struct{}
)

var (
	id, user, role, lang = "8f14e45f", "gopher", "admin", "en"

	sink string
)

func annotate(ctx context.Context, id, user, role, lang string) context.Context {
	ctx = context.WithValue(ctx, idKey{}, id)
	ctx = context.WithValue(ctx, userKey{}, user)
	ctx = context.WithValue(ctx, roleKey{}, role)
	return context.WithValue(ctx, langKey{}, lang)
}

func run() {
	ctx := annotate(context.Background(), id, user, role, lang)
	sink, _ = ctx.Value(idKey{}).(string)
}

func main() { run() }
