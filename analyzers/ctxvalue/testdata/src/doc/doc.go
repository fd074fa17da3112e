package doc // want package:"string keys"

import "context"

type User struct{ Name string }

// WRONG
func WithUser(ctx context.Context, u *User) context.Context { // want WithUser:"derives"
	return context.WithValue(ctx, "user", u) // context key "user" has the built-in type string, … // want `context key "user" has the built-in type string, so an equal key of any other package hides this value or is hidden by it; use a key of an unexported type`
}

// RIGHT
type userKey struct{}

func WithOwner(ctx context.Context, u *User) context.Context { // want WithOwner:"derives"
	return context.WithValue(ctx, userKey{}, u)
}

// WRONG
func WithRoles(ctx context.Context, roles []string) context.Context { // want WithRoles:"derives"
	return context.WithValue(ctx, roles, true) // … cannot be compared, so context.WithValue panics // want `context key roles has type \[\]string, which cannot be compared, so context.WithValue panics`
}

// RIGHT
type rolesKey struct{}

func WithRoleList(ctx context.Context, roles []string) context.Context { // want WithRoleList:"derives"
	return context.WithValue(ctx, rolesKey{}, roles)
}

// WRONG
type tenantKey string

const tenant tenantKey = "tenant"

func WithTenant(ctx context.Context, id int) context.Context { // want WithTenant:"derives"
	return context.WithValue(ctx, tenant, id)
}

func Tenant(ctx context.Context) int { // want Tenant:"looks up"
	id, _ := ctx.Value("tenant").(int) // lookup of "tenant" finds nothing: … // want `lookup of "tenant" finds nothing: the value is stored under a key of type tenantKey, and this key has type string`
	return id
}

// RIGHT
func TenantID(ctx context.Context) int { // want TenantID:"looks up"
	id, _ := ctx.Value(tenant).(int)
	return id
}

type (
	idKey   struct{}
	nameKey struct{}
	roleKey struct{}
	langKey struct{}
)

// WRONG
func Annotate(ctx context.Context, id, user, role, lang string) context.Context { // want Annotate:"derives"
	ctx = context.WithValue(ctx, idKey{}, id) // 4 context.WithValue calls in a row … // want `4 context.WithValue calls in a row make up to 8 allocations and a lookup 4 links deep; store one struct under one key`
	ctx = context.WithValue(ctx, nameKey{}, user)
	ctx = context.WithValue(ctx, roleKey{}, role)
	return context.WithValue(ctx, langKey{}, lang)
}

// RIGHT
type info struct{ id, user, role, lang string }

type infoKey struct{}

func AnnotateOnce(ctx context.Context, i *info) context.Context { // want AnnotateOnce:"derives"
	return context.WithValue(ctx, infoKey{}, i)
}
