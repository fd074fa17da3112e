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

// links counts the values that a context carries.
func links(ctx context.Context) int { return strings.Count(fmt.Sprint(ctx), ".WithValue(") }

func handler(ctx context.Context, longest *int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(ctx, pathKey{}, r.URL.Path)
		*longest = max(*longest, links(ctx))
	}
}

func run() string {
	longest := 0
	h := handler(context.Background(), &longest)
	for range 50 {
		h(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}
	if longest > 1 {
		return fmt.Sprintf("bad: the last request has a context of %d links", longest)
	}
	return "ok"
}

func main() { fmt.Println(run()) }
