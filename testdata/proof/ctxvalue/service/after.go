//go:build ignore

// proof: behaviour -all

package main

import (
	"context"
	"net/http"
)

// fetch says what it needs, so no caller can forget it.
func fetch(_ context.Context, c *http.Client) bool {
	return c.Timeout == 0
}

func run() string {
	if !fetch(context.Background(), new(http.Client)) {
		return "bad: no client where there is one"
	}
	return "ok"
}

func main() { println(run()) }
