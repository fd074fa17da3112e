// Package ownvalue keeps values of its own in contexts.
package ownvalue

import "context"

// A value of the package, asked for under a plain string that nobody stores it under.

type session struct{ user string }

type sessionKey struct{}

func withSession(ctx context.Context, s *session) context.Context {
	return context.WithValue(ctx, sessionKey{}, s)
}

func sessionOf(ctx context.Context) *session {
	s, ok := ctx.Value("session").(*session) // want `lookup of "session" finds nothing: such a value is stored under sessionKey{}, a key of type .*sessionKey`
	if !ok {
		return nil
	}
	return s
}

// Both are looked up: the string is for others that use it.
func anySession(ctx context.Context) *session {
	if s, ok := ctx.Value(sessionKey{}).(*session); ok {
		return s
	}
	s, _ := ctx.Value("login").(*session)
	return s
}

// A value that any package may store.
func titleOf(ctx context.Context) string {
	s, _ := ctx.Value("title").(string)
	return s
}

type titleKey struct{}

func withTitle(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, titleKey{}, name)
}

func titleIn(ctx context.Context) string {
	s, _ := ctx.Value(titleKey{}).(string)
	return s
}
