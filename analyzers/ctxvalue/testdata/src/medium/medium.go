package medium // want package:"string keys"

import (
	"context"

	"keys"
	"level"
)

type (
	K1 struct{}
	K2 struct{}
	K3 struct{}
	K4 struct{}
)

func exported(ctx context.Context, p *int) context.Context {
	ctx = context.WithValue(ctx, K1{}, p) // want `4 context.WithValue calls in a row make 4 allocations`
	ctx = context.WithValue(ctx, K2{}, p)
	ctx = context.WithValue(ctx, K3{}, p)
	return context.WithValue(ctx, K4{}, p)
}

func medium(ctx context.Context) {
	_ = context.WithValue(ctx, [1]any{1}, 1)  // want `context key \[1\]any\{…\} has type \[1\]any: if an element cannot be compared, every lookup that reaches it panics`
	_ = context.WithValue(ctx, level.Info, 1) // want `context key level.Info has type level.Level, which is not a key type`
	_ = context.WithValue(ctx, keys.User, 1)
}
