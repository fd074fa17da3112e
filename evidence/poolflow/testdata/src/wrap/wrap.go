// Package wrap wraps pools for others.
package wrap

import (
	"bytes"
	"sync"
)

var pool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Get() *bytes.Buffer { return pool.Get().(*bytes.Buffer) } // want Get:`poolflow: acquires result 0 from wrap.pool \(as it is\)`

func Put(b *bytes.Buffer) { pool.Put(b) } // want Put:`poolflow: releases param 0 to wrap.pool \(as it is\)`

var clean = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func GetClean() *bytes.Buffer { // want GetClean:`poolflow: acquires result 0 from wrap.clean \(reset\)`
	b := clean.Get().(*bytes.Buffer)
	b.Reset()
	return b
}

func PutClean(b *bytes.Buffer) { clean.Put(b) } // want PutClean:`poolflow: releases param 0 to wrap.clean \(as it is\)`

// Pool is a pool of Ts.
type Pool[T any] struct {
	p sync.Pool
}

func New[T any](f func() T) *Pool[T] { // want New:`makes the owner of a pool`
	return &Pool[T]{p: sync.Pool{New: func() any { return f() }}}
}

func (p *Pool[T]) Get() T { return p.p.Get().(T) } // want Get:`poolflow: acquires result 0 from wrap.Pool.p \(as it is\)`

func (p *Pool[T]) Put(x T) { p.p.Put(x) } // want Put:`poolflow: releases param 1 to wrap.Pool.p \(as it is\)`

type Req struct {
	ID    int
	Token string
}

func (r *Req) Reset() { r.ID = 0 } // want Reset:`poolflow: uses param 0`

var reqs = sync.Pool{New: func() any { return new(Req) }}

func AcquireReq() *Req { return reqs.Get().(*Req) } // want AcquireReq:`poolflow: acquires result 0 from wrap.reqs \(as it is\)`

func ReleaseReq(r *Req) { // want ReleaseReq:`poolflow: releases param 0 to wrap.reqs \(reset\)`
	r.Reset()
	reqs.Put(r)
}
