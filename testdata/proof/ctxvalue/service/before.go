//go:build ignore

// proof: behaviour -all

package main

import (
	"context"
	"net/http"
)

type clientKey struct{}

func withClient(ctx context.Context, c *http.Client) context.Context {
	return context.WithValue(ctx, clientKey{}, c)
}

// fetch does not say that it needs a client.
func fetch(ctx context.Context) bool {
	c, ok := ctx.Value(clientKey{}).(*http.Client)
	return ok && c.Timeout == 0
}

func run() string {
	if !fetch(withClient(context.Background(), new(http.Client))) {
		return "bad: no client where there is one"
	}
	if !fetch(context.Background()) {
		return "bad: a caller could not know that it takes a client"
	}
	return "ok"
}

func main() { println(run()) }
