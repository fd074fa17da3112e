package unchecked

import (
	"context"
	"net/http"
)

// One part of the package allows for the absence of the value, and another does not.
type loginKey struct{}

func withLogin(ctx context.Context, u *user) context.Context {
	return context.WithValue(ctx, loginKey{}, u)
}

func login(ctx context.Context) (*user, bool) {
	u, ok := ctx.Value(loginKey{}).(*user)
	return u, ok
}

func loginName(ctx context.Context) string {
	return ctx.Value(loginKey{}).(*user).name // want `assertion to \*user panics where the context has no value under loginKey\{\}, which the package allows for elsewhere; use the form that reports it`
}

func loginLater(ctx context.Context) string {
	v := ctx.Value(loginKey{})
	return v.(*user).name // want `assertion to \*user panics where the context has no value under loginKey\{\}, which`
}

// What turns requests away without the value vouches for it.
type gateKey struct{}

func withGate(ctx context.Context, u *user) context.Context {
	return context.WithValue(ctx, gateKey{}, u)
}

func gated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := r.Context().Value(gateKey{}).(*user); !ok {
			http.Error(w, "no user", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func behindGate(r *http.Request) string {
	return r.Context().Value(gateKey{}).(*user).name
}

// So does an interceptor that fails without it.
type calledKey struct{}

func withCalled(ctx context.Context, u *user) context.Context {
	return context.WithValue(ctx, calledKey{}, u)
}

func intercept(ctx context.Context, req any, call func(context.Context, any) error) error {
	if _, ok := ctx.Value(calledKey{}).(*user); !ok {
		return context.Canceled
	}
	return call(ctx, req)
}

func behindCall(ctx context.Context) string {
	return ctx.Value(calledKey{}).(*user).name
}

// A handler behind a middleware need not do as those who may be called from anywhere.
func handleLogin(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("User", r.Context().Value(loginKey{}).(*user).name)
}

type stampKey struct{}

func withStamp(ctx context.Context, u *user) context.Context {
	return context.WithValue(ctx, stampKey{}, u)
}

func stampIfAny(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if u, ok := r.Context().Value(stampKey{}).(*user); ok {
			w.Header().Set("User", u.name)
		}
	})
}

func stamp(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		u := r.Context().Value(stampKey{}).(*user) // want `assertion to \*user panics where the context has no value under stampKey\{\}, which the package allows for elsewhere`
		w.Header().Set("User", u.name)
	})
}
