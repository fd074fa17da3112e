//go:build ignore

// proof: behaviour

package main

import "context"

type scope struct{ names []string }

type scopeKey struct{}

func run() (result string) {
	defer func() {
		if recover() != nil {
			result = "bad: panic"
		}
	}()
	ctx := context.WithValue(context.Background(), scopeKey{}, scope{[]string{"read"}})
	if ctx.Err() != nil {
		return "bad: cancelled"
	}
	return "ok"
}

func main() { println(run()) }
