// Package serve has handlers that look into contexts that nobody else gets.
package serve

import (
	"context"
	"log/slog"
	"net/http"
)

type tenantKey struct{}

type betaKey struct{}

func withTenant(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, tenantKey{}, name)
}

func tenant(ctx context.Context) string {
	name, _ := ctx.Value(tenantKey{}).(string)
	return name
}

func withBeta(ctx context.Context, on bool) context.Context {
	return context.WithValue(ctx, betaKey{}, on)
}

func beta(ctx context.Context) bool {
	on, _ := ctx.Value(betaKey{}).(bool)
	return on
}

type visit struct{ path string }

func (v *visit) end() { slog.Info("visit", "path", v.path) }

func begin(ctx context.Context, path string) (context.Context, *visit) {
	v := &visit{path}
	return context.WithValue(ctx, visit{}, v), v
}

func tenants(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := withTenant(r.Context(), r.Header.Get("X-Tenant")) // want `the context that withTenant returns is only looked into here: next.ServeHTTP is called with the request without it`
		if tenant(ctx) == "" {
			http.Error(w, "no tenant", http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func betas(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, v := begin(r.Context(), r.URL.Path)
		defer v.end()
		ctx = withBeta(ctx, r.URL.Query().Has("beta")) // want `the context that withBeta returns is only looked into here: next is called with the request without it`
		if beta(ctx) {
			w.Header().Set("X-Beta", "on")
		}
		next(w, r)
	}
}

// Handed on, kept, or with a request of its own.

func handedOn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := withTenant(r.Context(), r.Header.Get("X-Tenant"))
		if tenant(ctx) == "" {
			http.Error(w, "no tenant", http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func usedBefore(next http.Handler, check func(context.Context) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := withTenant(r.Context(), r.Header.Get("X-Tenant"))
		if tenant(ctx) == "" || check(ctx) != nil {
			http.Error(w, "no tenant", http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func spanUsed(next http.Handler, check func(context.Context) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, v := begin(r.Context(), r.URL.Path)
		defer v.end()
		if check(ctx) != nil {
			return
		}
		if ctx := withBeta(ctx, true); beta(ctx) {
			w.Header().Set("X-Beta", "on")
		}
		next.ServeHTTP(w, r)
	})
}

func logged(ctx context.Context, run func(context.Context)) {
	own := withTenant(ctx, "x")
	slog.Info("run", "tenant", tenant(own))
	run(ctx)
}

func last(w http.ResponseWriter, r *http.Request) {
	ctx := withTenant(r.Context(), r.Header.Get("X-Tenant"))
	if tenant(ctx) == "" {
		http.Error(w, "no tenant", http.StatusBadRequest)
	}
}

func missing(w http.ResponseWriter, r *http.Request) {
	ctx := withTenant(r.Context(), r.Header.Get("X-Tenant"))
	if tenant(ctx) == "" {
		http.NotFound(w, r)
	}
}
