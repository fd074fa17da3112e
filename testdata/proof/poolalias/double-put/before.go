//go:build ignore

// proof: behaviour

package main

import (
	"bytes"
	"sync"
)

var bufPool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// check says whether a name may be used.
func check(name string) bool {
	buf := bufPool.Get().(*bytes.Buffer)
	defer bufPool.Put(buf)
	buf.Reset()
	buf.WriteString(name)
	if buf.Len() == 0 {
		bufPool.Put(buf)
		return false
	}
	return true
}

func run() string {
	// A pool may drop an object: ask often enough.
	for range 100 {
		check("")
		alice, bob := bufPool.Get().(*bytes.Buffer), bufPool.Get().(*bytes.Buffer)
		if alice == bob {
			return "bad: alice and bob got the same buffer"
		}
	}
	return "ok"
}

func main() { println(run()) }
