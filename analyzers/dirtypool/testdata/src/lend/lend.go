// Package lend lends pooled objects to functions.
package lend

import (
	"bytes"
	"sync"
)

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func With(f func(b *bytes.Buffer) error) error {
	b := bufs.Get().(*bytes.Buffer)
	defer bufs.Put(b)
	return f(b)
}

var clean = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func WithClean(f func(b *bytes.Buffer)) {
	b := clean.Get().(*bytes.Buffer)
	f(b)
	b.Reset()
	clean.Put(b)
}

// Pool is a pool of Ts.
type Pool[T any] struct{ p sync.Pool }

func New[T any](f func() T) *Pool[T] {
	return &Pool[T]{p: sync.Pool{New: func() any { return f() }}}
}

func (p *Pool[T]) Do(f func(T)) {
	v := p.p.Get().(T)
	defer p.p.Put(v)
	f(v)
}

func Each[T any](p *Pool[T], n int, f func(int, T)) {
	for i := range n {
		p.Do(func(v T) { f(i, v) })
	}
}
