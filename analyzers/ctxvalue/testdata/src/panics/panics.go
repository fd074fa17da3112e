package panics // want package:"string keys"

import "context"

type key struct{}

type bad struct{ names []string }

var bg = context.Background()

func nilKey(ctx context.Context) {
	_ = context.WithValue(ctx, nil, 1) // want `context key is nil, so context.WithValue panics`
	var k any
	_ = context.WithValue(ctx, k, 1) // want `context key k is nil, so context.WithValue panics`
}

func nilParent() {
	_ = context.WithValue(nil, key{}, 1) // want `context.WithValue panics because its parent context is nil`
	var ctx context.Context
	_ = context.WithValue(ctx, "x", 1) // want `context.WithValue panics because its parent context is nil`
}

func incomparable(ctx context.Context, f func()) {
	_ = context.WithValue(ctx, map[string]int{}, 1) // want `has type map\[string\]int, which cannot be compared, so context.WithValue panics`
	_ = context.WithValue(ctx, f, 1)                // want `has type func\(\), which cannot be compared`
	_ = context.WithValue(ctx, bad{}, 1)            // want `context key bad\{\} has type bad, which cannot be compared`
	_ = context.WithValue(ctx, [1][]int{}, 1)       // want `has type \[1\]\[\]int, which cannot be compared`
}

type route struct {
	host string
	args any
}

// A key that can be stored and not be looked up.
func lookupPanics(ctx context.Context, names []string) {
	_ = context.WithValue(ctx, [1]any{[]int{}}, 1)           // want `holds a \[\]int, which cannot be compared, so every lookup under such a key panics`
	_ = context.WithValue(ctx, route{"localhost", names}, 1) // want `holds a \[\]string, which cannot be compared`
}

func constrained[K comparable](ctx context.Context, k K) context.Context {
	return context.WithValue(ctx, k, 1)
}

func anything[K any](ctx context.Context, k K) context.Context {
	return context.WithValue(ctx, k, 1)
}

func silent(ctx context.Context, p *bad, b bool) {
	_ = context.WithValue(ctx, p, 1)
	_ = context.WithValue(ctx, [1]any{1}, 1) // medium confidence
	_ = constrained(ctx, key{})
	_ = anything(ctx, key{})
	var k any
	if b {
		k = key{}
	}
	_ = context.WithValue(ctx, k, 1) // not on every path
	parent := bg
	if b {
		parent = nil
	}
	_ = context.WithValue(parent, key{}, 1)
}

func instantiated(ctx context.Context) {
	_ = anything(ctx, []int{}) // want `context key \[\]int\{\} \(used by anything\) has type \[\]int, which cannot be compared, so context.WithValue panics`
}

// Package variables of interface type.
var (
	forgottenKey any // nobody sets it
	PluginKey    any // a program sets it
	lateKey      any
	optionalKey  any // asked for
	pointedKey   any
	literalKey   = any(key{})
)

func init() { lateKey = key{} }

func configure(to *any) { *to = key{} }

func start() { configure(&pointedKey) }

func kept(ctx context.Context) {
	_ = context.WithValue(ctx, forgottenKey, 1) // want `context key forgottenKey is nil, so context.WithValue panics`
	_ = context.WithValue(ctx, PluginKey, 1)
	_ = context.WithValue(ctx, lateKey, 1)
	_ = context.WithValue(ctx, pointedKey, 1)
	_ = context.WithValue(ctx, literalKey, 1)
	if optionalKey != nil {
		_ = context.WithValue(ctx, optionalKey, 1)
	}
}
