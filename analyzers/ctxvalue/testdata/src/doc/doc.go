package doc // want package:"string keys"

import (
	"context"
	"net/http"
)

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

// WRONG
type traceKey string

var trace = traceKey("trace")

func WithTrace(ctx context.Context, id *int) context.Context { // want WithTrace:"derives"
	return context.WithValue(ctx, trace, id) // context key trace is a variable, so each WithValue and each lookup copies it to the heap (16 bytes) … // want `context key trace is a variable, so each WithValue and each lookup copies it to the heap \(16 bytes\); make it a constant`
}

// RIGHT
const span traceKey = "span"

func WithSpan(ctx context.Context, id *int) context.Context { // want WithSpan:"derives"
	return context.WithValue(ctx, span, id)
}

// WRONG
type settings struct{ limits [32]int }

type settingsKey struct{}

func WithSettings(ctx context.Context, s settings) context.Context { // want WithSettings:"derives"
	return context.WithValue(ctx, settingsKey{}, s) // s is 256 bytes that are copied to the heap each time … // want `s is 256 bytes that are copied to the heap each time it is stored in a context, and out of it by each assertion; store a pointer`
}

// RIGHT
func WithSharedSettings(ctx context.Context, s *settings) context.Context { // want WithSharedSettings:"derives"
	return context.WithValue(ctx, settingsKey{}, s)
}

type (
	scaleKey   struct{}
	accountKey struct{}
)

// WRONG
func Sum(ctx context.Context, list []int) (sum int) {
	for _, n := range list {
		s, ok := ctx.Value(scaleKey{}).(int) // ctx.Value(scaleKey{}) walks up the chain of contexts on every iteration … // want `ctx.Value\(scaleKey\{\}\) walks up the chain of contexts on every iteration for the same value; look it up once, before the loop`
		if ok {
			sum += n * s
		}
	}
	return sum
}

// RIGHT
func SumOnce(ctx context.Context, list []int) (sum int) {
	s, ok := ctx.Value(scaleKey{}).(int)
	for _, n := range list {
		if ok {
			sum += n * s
		}
	}
	return sum
}

// WRONG
func WithAccount(ctx context.Context, name string) context.Context { // want WithAccount:"derives"
	return context.WithValue(ctx, accountKey{}, name)
}

func Account(ctx context.Context) string { // want Account:"looks up at a risk"
	return ctx.Value(accountKey{}).(string) // assertion to string panics where a caller of Account has not stored a value … // want `assertion to string panics where a caller of Account has not stored a value under accountKey\{\}; use the form that reports it: v, ok := …`
}

// RIGHT
func AccountIfAny(ctx context.Context) (string, bool) { // want AccountIfAny:"looks up"
	name, ok := ctx.Value(accountKey{}).(string)
	return name, ok
}

// WRONG
func Authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.WithContext(WithAccount(r.Context(), "gopher")) // the request that r.WithContext returns is never used … // want `the request that r.WithContext returns is never used: next.ServeHTTP is called without it`
		next.ServeHTTP(w, r)
	})
}

// RIGHT
func Identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(WithAccount(r.Context(), "gopher")))
	})
}
