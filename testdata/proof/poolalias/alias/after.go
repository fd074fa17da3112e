//go:build ignore

// proof: behaviour

package main

import (
	"bytes"
	"sync"
)

var bufPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// greet answers one user.
func greet(user string) []byte {
	buf := bufPool.Get().(*bytes.Buffer)
	buf.Reset()
	defer bufPool.Put(buf)
	buf.WriteString("hello " + user)
	return bytes.Clone(buf.Bytes())
}

func run() string {
	// A pool may drop an object: ask often enough.
	for range 100 {
		alice := greet("alice")
		greet("mal")
		if string(alice) != "hello alice" {
			return "bad: alice got " + string(alice)
		}
	}
	return "ok"
}

func main() { println(run()) }
