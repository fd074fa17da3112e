package mw // want package:"3 string keys"

import "context"

type Key string

const (
	User   Key = "user"
	Tenant Key = "tenant"
)

func With(ctx context.Context, user, tenant *string) context.Context { // want With:"derives"
	ctx = context.WithValue(ctx, User, user)
	return context.WithValue(ctx, Tenant, tenant)
}

func Legacy(ctx context.Context, id *string) context.Context { // want Legacy:"derives"
	return context.WithValue(ctx, "trace", id) //nolint:staticcheck // others read it
}
