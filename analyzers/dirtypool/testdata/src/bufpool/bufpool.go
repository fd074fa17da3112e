package bufpool

import (
	"bytes"
	"sync"
)

var dirty = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func AcquireDirty() *bytes.Buffer  { return dirty.Get().(*bytes.Buffer) }
func ReleaseDirty(b *bytes.Buffer) { dirty.Put(b) }

var clean = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func AcquireClean() *bytes.Buffer { return clean.Get().(*bytes.Buffer) }
func ReleaseClean(b *bytes.Buffer) {
	b.Reset()
	clean.Put(b)
}

type Pool[T any] struct {
	p     sync.Pool
	reset func(T)
}

func NewPool[T any](newFn func() T) *Pool[T] {
	return &Pool[T]{p: sync.Pool{New: func() any { return newFn() }}}
}
func NewResetPool[T any](newFn func() T, reset func(T)) *Pool[T] {
	return &Pool[T]{p: sync.Pool{New: func() any { return newFn() }}, reset: reset}
}
func (p *Pool[T]) Get() T { return p.p.Get().(T) }
func (p *Pool[T]) Put(v T) {
	if p.reset != nil {
		p.reset(v)
	}
	p.p.Put(v)
}

type Plain[T any] struct{ p sync.Pool }

func NewPlain[T any]() *Plain[T] {
	return &Plain[T]{p: sync.Pool{New: func() any { return new(T) }}}
}
func (p *Plain[T]) Get() *T  { return p.p.Get().(*T) }
func (p *Plain[T]) Put(v *T) { p.p.Put(v) }

type Resetter interface{ Reset() }

type RP[T Resetter] struct{ p sync.Pool }

func (p *RP[T]) Get() T { return p.p.Get().(T) }
func (p *RP[T]) Put(v T) {
	v.Reset()
	p.p.Put(v)
}
