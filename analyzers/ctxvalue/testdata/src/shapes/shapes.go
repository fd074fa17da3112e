package shapes // want package:"string keys"

import "context"

// A key in a field.
type setter struct {
	key any
	val any
}

func newSetter(key any, val any) *setter { return &setter{key, val} }

func (s *setter) set(ctx context.Context) context.Context {
	return context.WithValue(ctx, s.key, s.val)
}

type ownKey struct{}

func setters() []*setter {
	return []*setter{
		newSetter("user", 1), // want `context key "user" \(used by newSetter\) has the built-in type string`
		newSetter(ownKey{}, 1),
	}
}

// A group of keys.
var group = struct{ user, token any }{user: "user", token: ownKey{}}

func grouped(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, group.user, 1) // want `context key group.user has the built-in type string`
	return context.WithValue(ctx, group.token, 1)
}

// A function that makes the key.
func userKey() any { return "user" }

func tokenKey() any { return ownKey{} }

func made(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, userKey(), 1) // want `context key userKey\(\) has the built-in type string`
	return context.WithValue(ctx, tokenKey(), 1)
}

// A literal that is given the key.
func literal(ctx context.Context) context.Context {
	set := func(k any) { ctx = context.WithValue(ctx, k, 1) }
	set("user") // want `context key "user" \(used by the function literal\) has the built-in type string`
	set(ownKey{})
	return ctx
}

// A variable that holds the function.
var with = context.WithValue

func variable(ctx context.Context) context.Context {
	return with(ctx, "user", 1) // want `context key "user" has the built-in type string`
}

// A generic type.
type slot[K comparable, V any] struct{ key K }

func (s slot[K, V]) set(ctx context.Context, v V) context.Context {
	return context.WithValue(ctx, s.key, v)
}

type typed[T any] struct{}

func slots(ctx context.Context) context.Context {
	ctx = slot[ownKey, int]{}.set(ctx, 1)
	return context.WithValue(ctx, typed[int]{}, 1)
}

// Values that go through wrappers.
func put(ctx context.Context, k, v any) context.Context { return context.WithValue(ctx, k, v) }

func get(ctx context.Context, k any) any { return ctx.Value(k) }

func as[T any](ctx context.Context, k any) (T, bool) {
	v, ok := ctx.Value(k).(T)
	return v, ok
}

type user struct{ name string }

type wrappedKey struct{}

func wrapped(ctx context.Context) (context.Context, user) {
	u, _ := get(ctx, wrappedKey{}).(user) // want `assertion to user always fails: the value stored under wrappedKey\{\} has type \*user`
	return put(ctx, wrappedKey{}, &user{}), u
}

func wrappedGeneric(ctx context.Context) (user, bool) {
	return as[user](ctx, wrappedKey{}) // want `assertion to user always fails: the value stored under wrappedKey\{\} has type \*user`
}

func wrappedRight(ctx context.Context) (*user, bool) {
	if u, ok := get(ctx, wrappedKey{}).(*user); ok {
		return u, ok
	}
	return as[*user](ctx, wrappedKey{})
}
