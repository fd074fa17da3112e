// Package wrap wraps pools for others.
package wrap

import (
	"bytes"
	"sync"
)

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Get() *bytes.Buffer {
	b := bufs.Get().(*bytes.Buffer)
	b.Reset()
	return b
}

func Put(b *bytes.Buffer) { bufs.Put(b) } // want Put:"wastedpool: puts back param 0 of any capacity"

func PutSmall(b *bytes.Buffer) {
	if b.Cap() <= 1<<16 {
		bufs.Put(b)
	}
}

type Of[T any] struct{ pool sync.Pool } // want Of:"wastedpool: puts back type param 0"

func (o *Of[T]) Get() T  { return o.pool.Get().(T) }
func (o *Of[T]) Put(x T) { o.pool.Put(x) } // want Put:"wastedpool: puts back param 1 of any capacity"

// Careful drops what others say is too large.
type Careful[T interface{ Cap() int }] struct{ pool sync.Pool } // want Careful:"wastedpool: puts back type param 0"

func (c *Careful[T]) Get() T { return c.pool.Get().(T) }
func (c *Careful[T]) Put(x T) {
	if x.Cap() <= 1<<16 {
		c.pool.Put(x)
	}
}

func Release(p *sync.Pool, x any) { p.Put(x) } // want Release:"wastedpool: puts back param 1"

// A shelf holds buffers up to some size.
type shelf struct {
	size int
	pool sync.Pool
}

var shelves = []*shelf{{size: 1 << 10}, {size: 1 << 16}, {size: 1 << 62}}

func shelfFor(size int) *shelf {
	for _, s := range shelves {
		if s.size >= size {
			return s
		}
	}
	return nil
}

// GetSized returns a buffer with room for size bytes.
func GetSized(size int) *bytes.Buffer {
	b, ok := shelfFor(size).pool.Get().(*bytes.Buffer)
	if !ok {
		b = new(bytes.Buffer)
	}
	b.Reset()
	b.Grow(size)
	return b
}

// PutSized puts a buffer back with those of its size.
func PutSized(b *bytes.Buffer) {
	s := shelfFor(b.Cap())
	if s == nil {
		return
	}
	s.pool.Put(b)
}

// PutShelved puts a buffer back with those that are asked for by the same size.
func PutShelved(b *bytes.Buffer, size int) { // want PutShelved:"wastedpool: puts back param 0 of any capacity"
	shelfFor(size).pool.Put(b)
}
