//go:build ignore

// proof: bytes

package main

import (
	"bytes"
	"sync"
)

var sink int

var pool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func run() {
	b := pool.Get().(*bytes.Buffer)
	b.Reset()
	defer pool.Put(b)
	b.Grow(512)
	sink += b.Cap()
}

func main() { run() }
