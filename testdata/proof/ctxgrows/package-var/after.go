//go:build ignore

// proof: behaviour

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
)

type pathKey struct{}

var (
	base    = context.Background()
	longest int
)

// links counts the values that a context carries.
func links(ctx context.Context) int { return strings.Count(fmt.Sprint(ctx), ".WithValue(") }

func handle(w http.ResponseWriter, r *http.Request) {
	ctx := context.WithValue(base, pathKey{}, r.URL.Path)
	longest = max(longest, links(ctx))
}

func run() string {
	base, longest = context.Background(), 0
	for range 50 {
		handle(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}
	if longest > 1 {
		return fmt.Sprintf("bad: the last request has a context of %d links", longest)
	}
	return "ok"
}

func main() { fmt.Println(run()) }
