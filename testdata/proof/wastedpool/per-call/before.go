//go:build ignore

// proof: bytes

package main

import (
	"bytes"
	"sync"
)

var sink int

func run() {
	pool := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	b := pool.Get().(*bytes.Buffer)
	defer pool.Put(b)
	b.Grow(512)
	sink += b.Cap()
}

func main() { run() }
