//go:build ignore

// proof: bytes

package main

import "context"

type profile struct {
	id, name, mail string
	rights         [24]int
}

type profileKey struct{}

type session struct{ user profile }

func (s *session) attach(ctx context.Context) context.Context {
	return context.WithValue(ctx, profileKey{}, s.user)
}

func nameOf(ctx context.Context) string {
	p, _ := ctx.Value(profileKey{}).(profile)
	return p.name
}

var (
	gopher = &session{profile{name: "gopher"}}

	sink string
)

func run() { sink = nameOf(gopher.attach(context.Background())) }

func main() { run() }
