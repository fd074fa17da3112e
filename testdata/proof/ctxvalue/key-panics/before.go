//go:build ignore

// proof: behaviour

package main

import "context"

type scope struct{ names []string }

func run() (result string) {
	defer func() {
		if recover() != nil {
			result = "bad: panic"
		}
	}()
	ctx := context.WithValue(context.Background(), scope{[]string{"read"}}, true)
	if ctx.Err() != nil {
		return "bad: cancelled"
	}
	return "ok"
}

func main() { println(run()) }
