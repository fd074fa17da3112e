//go:build ignore

// proof: behaviour

package main

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

var bufPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// greet answers one user, who is slow to read.
func greet(w io.Writer, user string) {
	buf := bufPool.Get().(*bytes.Buffer)
	buf.Reset()
	buf.WriteString("hello " + user)
	bufPool.Put(buf)
	w.Write(buf.Bytes())
}

// slow is a connection: while one user reads, another one is served.
type slow struct {
	strings.Builder
	meanwhile func()
}

func (s *slow) Write(p []byte) (int, error) {
	s.meanwhile()
	return s.Builder.Write(p)
}

func run() string {
	// A pool may drop an object: ask often enough.
	for range 100 {
		alice := &slow{meanwhile: func() { greet(io.Discard, "mal") }}
		greet(alice, "alice")
		if alice.String() != "hello alice" {
			return "bad: alice got " + alice.String()
		}
	}
	return "ok"
}

func main() { println(run()) }
