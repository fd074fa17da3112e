package main

import (
	"context"
	"time"
)

type (
	idKey   struct{}
	nameKey struct{}
)

func withID(ctx context.Context, id int) context.Context { return context.WithValue(ctx, idKey{}, id) }

func idOf(ctx context.Context) int {
	return ctx.Value(idKey{}).(int) // want `assertion to int panics: the context of idOf\(ctx\) has no value under idKey\{\}`
}

func nameOf(ctx context.Context) string {
	return ctx.Value(nameKey{}).(string)
}

func main() {
	serve(withID(context.Background(), 1))

	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	ctx = context.WithValue(ctx, nameKey{}, "gopher")
	println(nameOf(ctx))
	println(idOf(ctx))
}

func serve(ctx context.Context) { println(idOf(ctx)) }
