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
