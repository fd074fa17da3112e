package use // want package:"string keys"

import (
	"context"

	"wrap/ctxutil"
)

type key struct{}

type name string

func keep(context.Context) {}

func use(ctx context.Context, b *ctxutil.Bag) {
	keep(ctxutil.Set(ctx, "user", 1))     // want `context key "user" \(used by Set\) has the built-in type string`
	keep(ctxutil.Again("user", ctx))      // want `context key "user" \(used by Again\) has the built-in type string`
	keep(ctxutil.Put(ctx, "user", 1))     // want `context key "user" \(used by Put\) has the built-in type string`
	keep(ctxutil.Put[any](ctx, 3, 1))     // want `context key 3 \(used by Put\) has the built-in type int`
	b.Set("user", 1)                      // want `context key "user" \(used by Set\) has the built-in type string`
	(*ctxutil.Bag).Set(b, "user", 1)      // want `context key "user" \(used by Set\) has the built-in type string`
	_ = ctxutil.Middleware("user", 1)     // want `context key "user" \(used by Middleware\) has the built-in type string`
	keep(ctxutil.Set(ctx, []string{}, 1)) // want `has type \[\]string, which cannot be compared, so context.WithValue panics`
	keep(ctxutil.Set(ctx, nil, 1))        // want `context key \(used by Set\) is nil, so context.WithValue panics`

	keep(ctxutil.Set(ctx, key{}, 1))
	keep(ctxutil.Put(ctx, key{}, 1))
	keep(ctxutil.Put(ctx, name("id"), 1))
	keep(ctxutil.Safe(ctx, "user", 1))
	keep(ctxutil.Rebound(ctx, "user", 1))
	_ = ctxutil.Get(ctx, "user")
	_ = ctxutil.Get(ctx, "id") // want `lookup of "id" finds nothing: the value is stored under a key of type name, and this key has type string`
	_ = ctxutil.Get(ctx, key{})
}
