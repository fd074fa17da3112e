//go:build ignore

// proof: behaviour

package main

import (
	"bytes"
	"fmt"
	"sync"
)

var bufPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// greet answers one user.
func greet(user string) string {
	buf := bufPool.Get().(*bytes.Buffer)
	defer bufPool.Put(buf)
	fmt.Fprintf(buf, "hello %s", user)
	return buf.String()
}

func run() string {
	// A pool may drop an object: ask often enough.
	for range 100 {
		greet("alice")
		if got := greet("bob"); got != "hello bob" {
			return "bad: bob got " + got
		}
	}
	return "ok"
}

func main() { println(run()) }
