// Package accessor looks context values up.
package accessor

import (
	"context"
	"net/http"
)

type key struct{}

type User struct{ Name string }

func With(ctx context.Context, u *User) context.Context { // want With:"derives"
	return context.WithValue(ctx, key{}, u)
}

func From(ctx context.Context) (*User, bool) { // want From:"looks up"
	u, ok := ctx.Value(key{}).(*User)
	return u, ok
}

// Must panics if there is no user.
func Must(ctx context.Context) *User { // want Must:"looks up at a risk"
	return ctx.Value(key{}).(*User)
}

func OfRequest(r *http.Request) *User { // want OfRequest:"looks up"
	u, _ := From(r.Context())
	return u
}

// Name may be another one each time.
func Name(ctx context.Context) string {
	u, _ := From(ctx)
	return u.Name
}

var calls int

// Counted does more than look up.
func Counted(ctx context.Context) *User {
	calls++
	u, _ := From(ctx)
	return u
}
