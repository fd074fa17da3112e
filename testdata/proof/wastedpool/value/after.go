//go:build ignore

// proof: allocs

package main

import "sync"

var bufs sync.Pool

var data = make([]byte, 100)

func run() {
	buf, ok := bufs.Get().(*[]byte)
	if !ok {
		b := make([]byte, 0, 1024)
		buf = &b
	}
	*buf = append((*buf)[:0], data...)
	bufs.Put(buf)
}

func main() { run() }
