package mismatch

import "context"

// Others can have one key of this type, and no other.
type someKey string

const (
	shared  someKey = "shared"
	lantern someKey = "lantern"
	Given   someKey = "given"
)

var Offered = shared

type lamp struct{ watts int }

func withLantern(ctx context.Context, l lamp) context.Context {
	return context.WithValue(ctx, lantern, &l)
}

func lanternOf(ctx context.Context) (lamp, bool) {
	l, ok := ctx.Value(lantern).(lamp) // want `assertion to lamp always fails: the value stored under lantern has type \*lamp`
	return l, ok
}

func withShared(ctx context.Context, l lamp) context.Context {
	return context.WithValue(context.WithValue(ctx, shared, &l), Given, &l)
}

// Somebody else may have stored those.
func sharedOf(ctx context.Context) (lamp, lamp) {
	a, _ := ctx.Value(shared).(lamp)
	b, _ := ctx.Value(Given).(lamp)
	return a, b
}

// Keys of this type go through a signature.
type anyKeyOf string

const third anyKeyOf = "third"

func With(ctx context.Context, k anyKeyOf, l *lamp) context.Context { // want With:"derives"
	return context.WithValue(ctx, k, l)
}

func thirdOf(ctx context.Context) (int, bool) {
	n, ok := ctx.Value(third).(int)
	return n, ok
}
