//go:build ignore

// proof: bytes

package main

import (
	"bytes"
	"sync"
)

var bufs = sync.Pool{New: func() any { return bytes.NewBuffer(make([]byte, 0, 512)) }}

func size(lines []string) (n int) {
	for _, line := range lines {
		b := bufs.Get().(*bytes.Buffer)
		b.Reset()
		b.WriteString(line)
		n += b.Len()
		bufs.Put(b)
	}
	return n
}

var lines = make([]string, 200)

var sink int

func run() { sink += size(lines) }

func main() { run() }
