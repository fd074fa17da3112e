//go:build ignore

// proof: allocs

package main

import "context"

type info struct{ id, user, role, lang string }

type infoKey struct{}

var (
	id, user, role, lang = "8f14e45f", "gopher", "admin", "en"

	sink string
)

func annotate(ctx context.Context, id, user, role, lang string) context.Context {
	return context.WithValue(ctx, infoKey{}, &info{id, user, role, lang})
}

func run() {
	ctx := annotate(context.Background(), id, user, role, lang)
	if i, ok := ctx.Value(infoKey{}).(*info); ok {
		sink = i.id
	}
}

func main() { run() }
