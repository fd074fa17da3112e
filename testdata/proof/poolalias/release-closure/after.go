//go:build ignore

// proof: behaviour alias

package main

import (
	"bytes"
	"sync"
)

var bufPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// acquire returns a buffer, and a function that gives it back.
func acquire() (*bytes.Buffer, func()) {
	buf := bufPool.Get().(*bytes.Buffer)
	buf.Reset()
	return buf, func() { bufPool.Put(buf) }
}

func greet(user string) []byte {
	buf, release := acquire()
	defer release()
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
