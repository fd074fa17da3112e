package pool

import (
	"bytes"
	"sync"
)

var given = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Take() *bytes.Buffer { return given.Get().(*bytes.Buffer) }
func Give(b *bytes.Buffer) {
	if b.Cap() > 1<<16 {
		return
	}
	b.Reset()
	given.Put(b)
}

var taken = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func TakeWith() (*bytes.Buffer, func()) {
	b := taken.Get().(*bytes.Buffer)
	b.Reset()
	return b, func() { taken.Put(b) }
}

var closed = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func TakeWith2() (b *bytes.Buffer, done func()) {
	b = closed.Get().(*bytes.Buffer)
	done = func() {
		b.Reset()
		closed.Put(b)
	}
	return
}
