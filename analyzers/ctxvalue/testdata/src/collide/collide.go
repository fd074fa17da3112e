package collide // want package:"string keys"

import (
	"context"
	"net/http"
	"time"

	"keys"
	"level"
)

type alias = string

func builtins(ctx context.Context, s string, id [16]byte) {
	_ = context.WithValue(ctx, "a", 1)        // want `context key "a" has the built-in type string, so`
	_ = context.WithValue(ctx, 1, 1)          // want `context key 1 has the built-in type int, so`
	_ = context.WithValue(ctx, s, 1)          // want `context key s has the built-in type string, so`
	_ = context.WithValue(ctx, alias("a"), 1) // want `context key alias\("a"\) has the built-in type alias \(an alias of string\), so`
	_ = context.WithValue(ctx, id, 1)         // want `context key id has the unnamed type \[16\]byte, which every package shares`
}

// A key in a variable of type any.
var anyKey any = "held"

func held(ctx context.Context, b bool) {
	var k any = "user"
	_ = context.WithValue(ctx, k, 1)      // want `context key k has the built-in type string`
	_ = context.WithValue(ctx, anyKey, 1) // want `context key anyKey has the built-in type string`
	var phi any = ownKey{}
	if b {
		phi = 7
	}
	_ = context.WithValue(ctx, phi, 1) // want `context key phi has the built-in type int`
	func() {
		_ = context.WithValue(ctx, k, 1) // want `context key k has the built-in type string`
	}()
}

var initialized = context.WithValue(context.Background(), "boot", 1) // want `context key "boot" has the built-in type string`

func anonymous(ctx context.Context) {
	_ = context.WithValue(ctx, struct{}{}, 1)              // want `context key struct\{\}\{\} has the unnamed type struct\{\}, which every package shares`
	_ = context.WithValue(ctx, struct{ Name string }{}, 1) // want `has the unnamed type struct\{Name string\}`
	_ = context.WithValue(ctx, struct{ name string }{}, 1) // its field belongs to this package
}

func foreign(ctx context.Context, d time.Duration) {
	_ = context.WithValue(ctx, time.Second, 1)   // want `context key time.Second has type time.Duration, which is not a key type`
	_ = context.WithValue(ctx, d, 1)             // want `context key d has type time.Duration`
	_ = context.WithValue(ctx, http.StateNew, 1) // want `context key http.StateNew has type http.ConnState`

	_ = context.WithValue(ctx, http.ServerContextKey, 1)
	_ = context.WithValue(ctx, keys.User, 1)
	_ = context.WithValue(ctx, keys.Key("other"), 1)
	_ = context.WithValue(ctx, keys.Marker{}, 1)
	_ = context.WithValue(ctx, keys.Server, 1)
	_ = context.WithValue(ctx, level.Info, 1) // medium confidence: another module's type
}

// Pointers to variables of size 0.
var (
	first  = &struct{}{}
	second = new(struct{})
	third  struct{}

	one   = &empty{}
	two   = &empty{}
	named empty2
	sized = &ownSized{"a"}
	other = &ownSized{"b"}
)

type (
	empty    struct{}
	empty2   struct{}
	empty3   [0]int
	ownSized struct{ name string }
	ownKey   struct{}
	ownInt   int
)

const intKey ownInt = iota

func pointers(ctx context.Context) {
	_ = context.WithValue(ctx, first, 1)  // want `context key first has type \*struct\{\}, and pointers to variables of size 0 may all be equal`
	_ = context.WithValue(ctx, second, 1) // want `context key second has type \*struct\{\}`
	_ = context.WithValue(ctx, &third, 1) // want `context key &third has type \*struct\{\}`
	_ = context.WithValue(ctx, one, 1)    // want `context key one has type \*empty, and pointers to variables of size 0 may be equal, so this value may answer for another key; give each key a type of its own`
	_ = context.WithValue(ctx, two, 1)    // want `context key two has type \*empty`

	_ = context.WithValue(ctx, &named, 1)         // the only one of its type
	_ = context.WithValue(ctx, (*empty3)(nil), 1) // the same, and unique by its type
	_ = context.WithValue(ctx, sized, 1)
	_ = context.WithValue(ctx, other, 1)
	_ = context.WithValue(ctx, ownKey{}, 1)
	_ = context.WithValue(ctx, intKey, 1)
	_ = context.WithValue(ctx, ownInt(5), 1)
}

func local(ctx context.Context) {
	type key struct{}
	_ = context.WithValue(ctx, key{}, 1)
}

// A type parameter makes a key of its own for each type argument.
type typed[T any] struct{}

func with[T any](ctx context.Context, v T) context.Context {
	return context.WithValue(ctx, typed[T]{}, v)
}

func silent(ctx context.Context, k any, ch chan int) {
	_ = with(ctx, 1)
	_ = context.WithValue(ctx, ch, 1) // identity, as with a pointer
	_ = ctx.Value("somebody else's")
	_ = context.WithValue(ctx, "known", 1) //nolint:staticcheck // the reader wants the string
	//lint:ignore SA1029 the reader wants the string
	_ = context.WithValue(ctx, "known", 1)
	_ = context.WithValue(ctx, "known", 1) //nolint:errcheck // want `context key "known" has the built-in type string`
	//lint:ignore ctxvalue the legacy reader wants the string
	_ = context.WithValue(ctx, "legacy", 1)
}
