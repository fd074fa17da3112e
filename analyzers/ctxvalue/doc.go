// Package ctxvalue finds misuse of the values that contexts carry.
//
// # Analyzer ctxvalue
//
// ctxvalue: find context values that collide, panic or are never found
//
// A context is shared by all packages that a request passes through, and its keys
// are compared as interface values: type and value. A key of type string, or of any
// other type that every package can write down, is one key for all of them. A key
// that differs in its type from the one that was stored is never found, and nothing
// but a failing assertion tells. Pointers to variables of size 0 may all be equal:
// the runtime gives them one address. And every WithValue costs an allocation of 48
// bytes, a second one if the value is not a pointer, and one more step for each lookup
// below it: six of them make 12 allocations and 384 bytes, one struct 2 and 144.
//
// The check follows keys through variables of type any, and through functions of this
// module that hand a parameter on to WithValue or Value.
//
// A key that others can have too (key-collides):
//
//	// WRONG
//	func WithUser(ctx context.Context, u *User) context.Context {
//		return context.WithValue(ctx, "user", u) // context key "user" has the built-in type string, …
//	}
//
//	// RIGHT
//	type userKey struct{}
//
//	func WithOwner(ctx context.Context, u *User) context.Context {
//		return context.WithValue(ctx, userKey{}, u)
//	}
//
// A key that WithValue refuses, or a parent that is nil (key-panics):
//
//	// WRONG
//	func WithRoles(ctx context.Context, roles []string) context.Context {
//		return context.WithValue(ctx, roles, true) // … cannot be compared, so context.WithValue panics
//	}
//
//	// RIGHT
//	type rolesKey struct{}
//
//	func WithRoleList(ctx context.Context, roles []string) context.Context {
//		return context.WithValue(ctx, rolesKey{}, roles)
//	}
//
// A value that is stored as one thing and looked up as another (key-mismatch):
//
//	// WRONG
//	type tenantKey string
//
//	const tenant tenantKey = "tenant"
//
//	func WithTenant(ctx context.Context, id int) context.Context {
//		return context.WithValue(ctx, tenant, id)
//	}
//
//	func Tenant(ctx context.Context) int {
//		id, _ := ctx.Value("tenant").(int) // lookup of "tenant" finds nothing: …
//		return id
//	}
//
//	// RIGHT
//	func TenantID(ctx context.Context) int {
//		id, _ := ctx.Value(tenant).(int)
//		return id
//	}
//
// Four or more values stored one after the other (chain):
//
//	// WRONG
//	func Annotate(ctx context.Context, id, user, role, lang string) context.Context {
//		ctx = context.WithValue(ctx, idKey{}, id) // 4 context.WithValue calls in a row …
//		ctx = context.WithValue(ctx, nameKey{}, user)
//		ctx = context.WithValue(ctx, roleKey{}, role)
//		return context.WithValue(ctx, langKey{}, lang)
//	}
//
//	// RIGHT
//	type info struct{ id, user, role, lang string }
//
//	type infoKey struct{}
//
//	func AnnotateOnce(ctx context.Context, i *info) context.Context {
//		return context.WithValue(ctx, infoKey{}, i)
//	}
//
// # Not reported
//
// Keys of a type that the package defines, keys that are pointers to variables with a
// size, keys that another package offers (such as [net/http.ServerContextKey]), and
// generic keys constrained by comparable. Lookups under a key that the package never
// sets: somebody else may. Mismatches of keys that other packages can get hold of, or
// whose values go elsewhere as interface values. Chains that begin with
// context.Background, that depend on conditions, or whose keys other packages read.
// Keys whose line has a comment that silences SA1029, staticcheck, revive or golint.
// Tests, and files that import package testing.
//
// With -all it reports these too: keys of named types of other modules that have methods
// unlike those of a key type, arrays of interfaces as keys (comparing them may panic), chains
// whose keys are exported, and findings in tests.
//
// # To silence it
//
// Write //nolint:ctxvalue with a reason at the end of the line, or
//
//	//lint:ignore ctxvalue the other side of this protocol reads the string
//
// above it.
package ctxvalue
