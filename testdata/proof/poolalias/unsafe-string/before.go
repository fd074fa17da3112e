//go:build ignore

// proof: behaviour

package main

import (
	"sync"
	"unsafe"
)

var keyPool = sync.Pool{New: func() any { return new([]byte) }}

// key names a user in a map.
func key(user string) string {
	bp := keyPool.Get().(*[]byte)
	defer keyPool.Put(bp)
	*bp = append(append((*bp)[:0], "user/"...), user...)
	return unsafe.String(unsafe.SliceData(*bp), len(*bp))
}

func run() string {
	// A pool may drop an object: ask often enough.
	for range 100 {
		alice := key("alice")
		key("mally")
		if alice != "user/alice" {
			return "bad: the key of alice became " + alice
		}
	}
	return "ok"
}

func main() { println(run()) }
