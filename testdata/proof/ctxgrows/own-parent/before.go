//go:build ignore

// proof: behaviour

package main

import (
	"context"
	"fmt"
)

type tagKey struct{}

type otherKey struct{}

// A request stops a lookup that does not end before the stack does.
type request struct {
	context.Context
	lookups int
}

func (r *request) Value(key any) any {
	if r.lookups++; r.lookups > 1000 {
		panic("a lookup that does not end")
	}
	return r.Context.Value(key)
}

func (r *request) tag(tag string) {
	r.Context = context.WithValue(r, tagKey{}, tag)
}

func run() string {
	r := &request{Context: context.Background()}
	r.tag("new")
	if r.Value(otherKey{}) != nil {
		return "bad: there is no such value"
	}
	return "ok"
}

func main() { fmt.Println(run()) }
