//go:build ignore

// proof: allocs

package main

import "sync"

var bufs = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

var data = make([]byte, 100)

func run() {
	b := *bufs.Get().(*[]byte)
	b = append(b[:0], data...)
	bufs.Put(&b)
}

func main() { run() }
