package medium // want package:"string keys"

import (
	"context"
	"database/sql"

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

type (
	dbKey   struct{}
	userKey struct{}
)

type user struct{ id, name, mail string }

func services(ctx context.Context, db *sql.DB, ch chan int, u user) context.Context {
	switch {
	case db != nil:
		return context.WithValue(ctx, dbKey{}, db) // want `\*sql.DB in a context is a dependency that no signature shows, and that may be absent; pass it as a parameter or keep it in a field`
	case ch != nil:
		return context.WithValue(ctx, dbKey{}, ch) // want `chan int in a context is a dependency`
	}
	return context.WithValue(ctx, userKey{}, u) // want `u is 48 bytes that are copied to the heap`
}

func handle(ctx context.Context) user {
	return ctx.Value(userKey{}).(user) // want `assertion to user panics where the context has no value under userKey\{\}`
}

type store interface {
	get(ctx context.Context, id string) error
}

func waits(ctx context.Context, s store, list []string) error {
	for _, id := range list {
		u, _ := ctx.Value(userKey{}).(user) // want `ctx.Value\(userKey\{\}\) walks up the chain`
		if err := s.get(ctx, id+u.name); err != nil {
			return err
		}
	}
	return nil
}
