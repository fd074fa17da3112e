//go:build ignore

// proof: behaviour

package main

import (
	"bytes"
	"sync"
)

var bufs = sync.Pool{New: func() any { return bytes.Buffer{} }}

func run() string {
	b := bufs.Get().(*bytes.Buffer)
	b.Reset()
	b.WriteString("ok")
	s := b.String()
	bufs.Put(b)
	return s
}

func main() { println(run()) }
