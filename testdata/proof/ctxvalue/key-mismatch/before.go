//go:build ignore

// proof: behaviour

package main

import "context"

type key string

const tenant key = "tenant"

func withTenant(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, tenant, id)
}

func tenantOf(ctx context.Context) string {
	id, _ := ctx.Value("tenant").(string)
	return id
}

type user struct{ name string }

type userKey struct{}

func withUser(ctx context.Context, u *user) context.Context {
	return context.WithValue(ctx, userKey{}, u)
}

func nameOf(ctx context.Context) string {
	if u, ok := ctx.Value(userKey{}).(user); ok {
		return u.name
	}
	return ""
}

func run() string {
	id, name := tenantOf(withTenant(context.Background(), "acme")), nameOf(withUser(context.Background(), &user{"gopher"}))
	switch {
	case id == "" && name == "":
		return "bad: no tenant and no user"
	case id == "" || name == "":
		return "only one of two is missing"
	}
	return "ok"
}

func main() { println(run()) }
