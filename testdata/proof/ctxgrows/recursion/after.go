//go:build ignore

// proof: behaviour

package main

import (
	"context"
	"fmt"
	"strings"
)

type attemptKey struct{}

// links counts the values that a context carries.
func links(ctx context.Context) int { return strings.Count(fmt.Sprint(ctx), ".WithValue(") }

// A server answers at the 50th attempt.
type server struct{ left, longest int }

func (s *server) try(ctx context.Context) bool {
	s.left--
	s.longest = max(s.longest, links(ctx))
	return s.left == 0
}

func fetch(ctx context.Context, s *server) {
	for {
		ctx := context.WithValue(ctx, attemptKey{}, s)
		if s.try(ctx) {
			return
		}
	}
}

func run() string {
	s := &server{left: 50}
	fetch(context.Background(), s)
	if s.longest > 1 {
		return fmt.Sprintf("bad: the last attempt has a context of %d links", s.longest)
	}
	return "ok"
}

func main() { fmt.Println(run()) }
