// Package fix has what can be repaired.
package fix

import (
	"bytes"
	"sync"
)

var chunks = sync.Pool{New: func() any { b := make([]byte, 0, 4096); return &b }}

func inline(data []byte) int {
	b := *chunks.Get().(*[]byte)
	b = append(b[:0], data...)
	n := len(b)
	chunks.Put(&b) // want `Put\(&b\) allocates a new slice header`
	return n
}

func named(data []byte) int {
	p := chunks.Get().(*[]byte)
	b := *p
	b = append(b[:0], data...)
	n := len(b)
	if n > 3 {
		chunks.Put(&b) // want `Put\(&b\) allocates a new slice header`
		return n
	}
	chunks.Put(&b)
	return 0
}

func later(data []byte) int {
	b := *chunks.Get().(*[]byte)
	defer chunks.Put(&b) // want `Put\(&b\) allocates a new slice header`
	b = append(b[:0], data...)
	return len(b)
}

// The name is taken.
func taken(data []byte) (bp int) {
	b := *chunks.Get().(*[]byte)
	b = append(b[:0], data...)
	bp = len(b)
	chunks.Put(&b) // want `Put\(&b\) allocates a new slice header`
	return bp
}

// Another one has the address.
func addressed(data []byte, use func(*[]byte)) {
	b := *chunks.Get().(*[]byte)
	b = append(b[:0], data...)
	use(&b)
	chunks.Put(&b) // want `Put\(&b\) allocates a new slice header`
}

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func direct() int {
	b := bufs.New().(*bytes.Buffer) // want `bufs.New\(\) makes a new object and passes over those in the pool; use Get`
	b.Reset()
	n := b.Len()
	bufs.Put(b)
	return n
}
