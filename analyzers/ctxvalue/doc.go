// Package ctxvalue finds misuse of the values that contexts carry.
//
// # Analyzer ctxvalue
//
// ctxvalue: find context values that collide, panic, or cost too much
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
// The check follows keys through variables and fields of type any, through functions that
// make keys, and through functions of this module that hand a parameter on to WithValue or Value.
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
// A key in a variable, which every call copies to the heap (key-allocates); a constant or a
// struct{} is not copied:
//
//	// WRONG
//	type traceKey string
//
//	var trace = traceKey("trace")
//
//	func WithTrace(ctx context.Context, id *int) context.Context {
//		return context.WithValue(ctx, trace, id) // context key trace is a variable, so each WithValue and each lookup copies it to the heap (16 bytes) …
//	}
//
//	// RIGHT
//	const span traceKey = "span"
//
//	func WithSpan(ctx context.Context, id *int) context.Context {
//		return context.WithValue(ctx, span, id)
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
// A large struct or array that is stored by value, from 64 bytes on where it has an
// address already, and from 96 bytes on where it has not (boxed):
//
//	// WRONG
//	type settings struct{ limits [32]int }
//
//	type settingsKey struct{}
//
//	func WithSettings(ctx context.Context, s settings) context.Context {
//		return context.WithValue(ctx, settingsKey{}, s) // s is 256 bytes that are copied to the heap each time …
//	}
//
//	// RIGHT
//	func WithSharedSettings(ctx context.Context, s *settings) context.Context {
//		return context.WithValue(ctx, settingsKey{}, s)
//	}
//
// A value that a loop looks up again and again: 7 to 130 ns each time, by the depth of
// the chain (lookup-in-loop):
//
//	// WRONG
//	func Sum(ctx context.Context, list []int) (sum int) {
//		for _, n := range list {
//			s, ok := ctx.Value(scaleKey{}).(int) // ctx.Value(scaleKey{}) walks up the chain of contexts on every iteration …
//			if ok {
//				sum += n * s
//			}
//		}
//		return sum
//	}
//
//	// RIGHT
//	func SumOnce(ctx context.Context, list []int) (sum int) {
//		s, ok := ctx.Value(scaleKey{}).(int)
//		for _, n := range list {
//			if ok {
//				sum += n * s
//			}
//		}
//		return sum
//	}
//
// An assertion that panics where nobody stored the value, in a function whose callers
// may not have, or that another part of the package allows for the absence of (unchecked):
//
//	// WRONG
//	func WithAccount(ctx context.Context, name string) context.Context {
//		return context.WithValue(ctx, accountKey{}, name)
//	}
//
//	func Account(ctx context.Context) string {
//		return ctx.Value(accountKey{}).(string) // assertion to string panics where a caller of Account has not stored a value …
//	}
//
//	// RIGHT
//	func AccountIfAny(ctx context.Context) (string, bool) {
//		name, ok := ctx.Value(accountKey{}).(string)
//		return name, ok
//	}
//
// A context or a request that is derived, and then forgotten, with context.With…, errgroup.WithContext
// or functions of this module that do as they do (child-unused); of one that is dropped with `_`, only
// where its parent is handed on instead, or kept beside its cancel function:
//
//	// WRONG
//	func Authenticate(next http.Handler) http.Handler {
//		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//			r.WithContext(WithAccount(r.Context(), "gopher")) // the request that r.WithContext returns is never used …
//			next.ServeHTTP(w, r)
//		})
//	}
//
//	// RIGHT
//	func Identify(next http.Handler) http.Handler {
//		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//			next.ServeHTTP(w, r.WithContext(WithAccount(r.Context(), "gopher")))
//		})
//	}
//
// With -all it reports services too, things that a function needs and that its
// signature should show: databases, clients, locks, channels (service).
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
// Keys that the compiler does not copy: constants, pointers, values of size 0, numbers below
// 256; and keys that callers give. Large values that the compiler lays out beforehand. Lookups in loops that run a few
// times, that wait, that give the context to other packages, or that look up on few
// iterations only. Assertions in functions that are called Must, say that they panic, recover,
// or test the value elsewhere; on values that a middleware of the package stores for its
// handlers, or an interceptor of gRPC for the methods of a service; and on keys of other packages. Contexts dropped by assignment to _ where nobody
// is given the parent instead. Tests, and files that import package testing.
//
// With -all it reports these too: keys of named types of other modules that have methods
// unlike those of a key type, arrays of interfaces as keys (comparing them may panic), chains
// whose keys are exported, values from 32 bytes on, lookups in loops that hand the context on,
// every other assertion that panics where the value is absent, and findings in tests.
//
// # To silence it
//
// Write //nolint:ctxvalue with a reason at the end of the line, or
//
//	//lint:ignore ctxvalue the other side of this protocol reads the string
//
// above it.
package ctxvalue
