//go:build ignore

// proof: allocs value

package main

import "sync"

type pool[T any] struct{ p sync.Pool }

func (p *pool[T]) get() T  { return p.p.Get().(T) }
func (p *pool[T]) put(x T) { p.p.Put(x) }

var bufs = pool[*[]byte]{p: sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}}

func run() {
	b := bufs.get()
	*b = append((*b)[:0], 1, 2, 3)
	bufs.put(b)
}

func main() { run() }
