//go:build ignore

// proof: allocs

package main

import "sync"

var bufs = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

var data = make([]byte, 100)

func run() {
	bp := bufs.Get().(*[]byte)
	b := *bp
	b = append(b[:0], data...)
	*bp = b
	bufs.Put(bp)
}

func main() { run() }
