package mismatch

import (
	"context"
	"fmt"
	"io"
	"strings"

	"keys"
)

type user struct{ name string }

// Stored as a pointer, asked for as a value.
type userKey struct{}

func withUser(ctx context.Context, u *user) context.Context {
	return context.WithValue(ctx, userKey{}, u)
}

func userOf(ctx context.Context) user {
	u, _ := ctx.Value(userKey{}).(user) // want `assertion to user always fails: the value stored under userKey\{\} has type \*user`
	return u
}

func mustUser(ctx context.Context) user {
	return ctx.Value(userKey{}).(user) // want `assertion to user always panics: the value stored under userKey\{\} has type \*user`
}

func rightUser(ctx context.Context) *user {
	u, _ := ctx.Value(userKey{}).(*user)
	return u
}

// The key is stored under its address.
type addrKey struct{ name string }

var addr = addrKey{"addr"}

func withAddr(ctx context.Context) context.Context { return context.WithValue(ctx, &addr, 1) }

func addrOf(ctx context.Context) any { return ctx.Value(addr) } // want `context key addr is a variable, so each WithValue and each lookup copies it to the heap \(16 bytes\); let it hold a pointer` `lookup of addr finds nothing: the value is stored under a key of type \*addrKey, and this key has type addrKey`

// Two types with the same constant.
type (
	setKey string
	getKey string
)

const (
	set setKey = "set"
	get getKey = "set"
)

func withSet(ctx context.Context) context.Context { return context.WithValue(ctx, set, 1) }

func getSet(ctx context.Context) any { return ctx.Value(get) } // want `lookup of get finds nothing: the value is stored under a key of type setKey, and this key has type getKey`

// One key for two values.
type bothKey struct{}

func withName(ctx context.Context, s string) context.Context {
	return context.WithValue(ctx, bothKey{}, s)
}

func withAge(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, bothKey{}, n) // want `key bothKey\{\} holds int here and string elsewhere: the value stored last hides the other; use two keys`
}

func nameOf(ctx context.Context) string {
	s, _ := ctx.Value(bothKey{}).(string)
	return s
}

func ageOf(ctx context.Context) int {
	n, _ := ctx.Value(bothKey{}).(int)
	return n
}

// One key for a value of two types is a union: the reader tells them apart.
type unionKey struct{}

func withString(ctx context.Context, s string) context.Context {
	return context.WithValue(ctx, unionKey{}, s)
}

func withInt(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, unionKey{}, n)
}

func union(ctx context.Context) string {
	switch v := ctx.Value(unionKey{}).(type) {
	case string:
		return v
	case int:
		return "number"
	}
	return ""
}

// An interface that the stored type has.
type readerKey struct{}

func withReader(ctx context.Context, r *strings.Reader) context.Context {
	return context.WithValue(ctx, readerKey{}, r)
}

func reader(ctx context.Context) io.Reader {
	r, _ := ctx.Value(readerKey{}).(io.Reader)
	return r
}

func writer(ctx context.Context) io.Writer {
	w, _ := ctx.Value(readerKey{}).(io.Writer) // want `assertion to io.Writer always fails: the value stored under readerKey\{\} has type \*strings.Reader`
	return w
}

// A value of interface type may be anything.
type ifaceKey struct{}

func withIface(ctx context.Context, r io.Reader) context.Context {
	return context.WithValue(ctx, ifaceKey{}, r)
}

func iface(ctx context.Context) *strings.Reader {
	r, _ := ctx.Value(ifaceKey{}).(*strings.Reader)
	return r
}

// A deliberate override of the same type.
type depthKey struct{}

func deeper(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, depthKey{}, 1)
	return context.WithValue(ctx, depthKey{}, 2)
}

func depth(ctx context.Context) int {
	n, _ := ctx.Value(depthKey{}).(int)
	return n
}

// Others can set these: the type, a constant or an accessor is exported.
type PublicKey struct{}

type constKey string

const Public constKey = "public"

type handedKey struct{}

func Handed() any { return handedKey{} }

type fieldKey string

type Options struct{ Key fieldKey }

func withOpen(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, PublicKey{}, 1)
	ctx = context.WithValue(ctx, handedKey{}, 1)
	return context.WithValue(ctx, Public, 1)
}

func withField(ctx context.Context) context.Context {
	return context.WithValue(ctx, fieldKey("k"), 1)
}

func openValues(ctx context.Context) {
	_, _ = ctx.Value(PublicKey{}).(string)
	_, _ = ctx.Value(handedKey{}).(string)
	_, _ = ctx.Value(Public).(string)
	_, _ = ctx.Value(fieldKey("k")).(string)
}

// The key goes to a function that may set it.
type sentKey struct{}

func send(ctx context.Context) { fmt.Println(sentKey{}) }

func withSent(ctx context.Context) context.Context { return context.WithValue(ctx, sentKey{}, 1) }

func sent(ctx context.Context) string { s, _ := ctx.Value(sentKey{}).(string); return s }

// A context of our own answers for the key.
type answeredKey struct{}

type ownContext struct{ context.Context }

func (c ownContext) Value(k any) any { // want Value:`gets\[1\]`
	if k == (answeredKey{}) {
		return "answer"
	}
	return c.Context.Value(k)
}

func withAnswered(ctx context.Context) context.Context {
	return context.WithValue(ctx, answeredKey{}, 1)
}

func answered(ctx context.Context) string {
	s, _ := ctx.Value(answeredKey{}).(string)
	return s
}

// Set elsewhere, if at all.
type elsewhereKey struct{}

func elsewhere(ctx context.Context) {
	_, _ = ctx.Value("elsewhere").(string)
	_, _ = ctx.Value(elsewhereKey{}).(string)
	_, _ = ctx.Value(keys.User).(string)
}

// Two constants of one type are two keys.
type pairKey int

const (
	left pairKey = iota
	right
)

func withPair(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, left, "l")
	return context.WithValue(ctx, right, 2)
}

func pair(ctx context.Context) (string, int) {
	l, _ := ctx.Value(left).(string)
	r, _ := ctx.Value(right).(int)
	return l, r
}

func crossed(ctx context.Context) int {
	n, _ := ctx.Value(left).(int) // want `assertion to int always fails: the value stored under left has type string`
	return n
}

// Generic values have any type.
type boxKey struct{}

func withBox[T any](ctx context.Context, v T) context.Context {
	return context.WithValue(ctx, boxKey{}, v)
}

func box(ctx context.Context) int { n, _ := ctx.Value(boxKey{}).(int); return n }

// Equal numbers are no sign: this one is set in a test.
type hookKey int

const hook hookKey = 1

func hooked(ctx context.Context) any { return ctx.Value(hook) }

func plain(ctx context.Context) any { return ctx.Value(1) }

// One function asks for both, whatever the other is.
type twofoldKey struct{}

func withTwofoldName(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, twofoldKey{}, name)
}

func withTwofoldAge(ctx context.Context, age int) context.Context {
	return context.WithValue(ctx, twofoldKey{}, age) // want `key twofoldKey\{\} holds int here and string elsewhere`
}

func twofold(ctx context.Context) (string, int) {
	name, _ := ctx.Value(twofoldKey{}).(string)
	age, _ := ctx.Value(twofoldKey{}).(int)
	return name, age
}

// One or the other.
type eitherKey struct{}

func withEitherName(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, eitherKey{}, name)
}

func withEitherAge(ctx context.Context, age int) context.Context {
	return context.WithValue(ctx, eitherKey{}, age)
}

func either(ctx context.Context) (string, int) {
	if name, ok := ctx.Value(eitherKey{}).(string); ok {
		return name, 0
	}
	age, _ := ctx.Value(eitherKey{}).(int)
	return "", age
}

// A setter whose callers know the type.
type anyKey struct{}

func withAny(ctx context.Context, v any) context.Context { return context.WithValue(ctx, anyKey{}, v) }

func anyUser(ctx context.Context) *user {
	u, _ := ctx.Value(anyKey{}).(*user) // want `assertion to \*user always fails: the value stored under anyKey\{\} has type user`
	return u
}

func setAny(ctx context.Context, u user) *user { return anyUser(withAny(ctx, u)) }

// A setter that others call too.
type variedKey struct{}

func withVaried(ctx context.Context, v any) context.Context {
	return context.WithValue(ctx, variedKey{}, v)
}

var setVaried = withVaried

func variedUser(ctx context.Context) *user {
	u, _ := ctx.Value(variedKey{}).(*user)
	return u
}

func useVaried(ctx context.Context, u user) *user { return variedUser(withVaried(ctx, u)) }
