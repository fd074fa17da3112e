package handlers

import (
	"context"

	"shapes/mw"
)

func user(ctx context.Context) *string {
	u, _ := ctx.Value("user").(*string) // want `lookup of "user" finds nothing: the value is stored under a key of type mw.Key, and this key has type string`
	return u
}

func tenant(ctx context.Context) *string {
	if t, ok := ctx.Value(mw.Tenant).(*string); ok {
		return t
	}
	t, _ := ctx.Value("tenant").(*string)
	return t
}

func trace(ctx context.Context) any { return ctx.Value("trace") }

func unknown(ctx context.Context) any { return ctx.Value("someone else's") }
