// Package ctxutil wraps the context package.
package ctxutil

import (
	"context"
	"net/http"
)

func Set(ctx context.Context, k, v any) context.Context { // want Set:"sets.1., to.2., derives"
	return context.WithValue(ctx, k, v)
}

// Again is declared before what it wraps.
func Again(k any, ctx context.Context) context.Context { // want Again:"sets.0., to.-1., derives"
	return later(ctx, k)
}

func later(ctx context.Context, k any) context.Context {
	return Set(ctx, k, true)
}

func Put[K comparable, V any](ctx context.Context, k K, v V) context.Context { // want Put:"sets.1., to.2., derives"
	return context.WithValue(ctx, k, v)
}

func Get(ctx context.Context, k any) any { // want Get:"gets.1., returns it, looks up"
	return ctx.Value(k)
}

type Bag struct{ ctx context.Context }

func (b *Bag) Set(k, v any) { // want Set:"sets.1., to.2."
	b.ctx = context.WithValue(b.ctx, k, v)
}

// Middleware uses its key in a literal within a literal.
func Middleware(k, v any) func(http.Handler) http.Handler { // want Middleware:"sets.0., to.1."
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), k, v)))
		})
	}
}

type named string

// Safe makes a key of its own of the name.
func Safe(ctx context.Context, name string, v any) context.Context { // want Safe:"derives"
	return context.WithValue(ctx, named(name), v) // want `context key named\(name\) is computed`
}

// Rebound may use another key than it is given.
func Rebound(ctx context.Context, k any, v any) context.Context {
	k = wrapKey(k)
	return context.WithValue(ctx, k, v)
}

type inner struct{ k any }

func wrapKey(k any) any { return inner{k} }
