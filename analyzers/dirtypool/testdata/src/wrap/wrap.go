// Package wrap wraps pools for others.
package wrap

import (
	"bytes"
	"strings"
	"sync"
)

var pool = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Get() *bytes.Buffer { return pool.Get().(*bytes.Buffer) }

func Put(b *bytes.Buffer) { pool.Put(b) }

var clean = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func GetClean() *bytes.Buffer {
	b := clean.Get().(*bytes.Buffer)
	b.Reset()
	return b
}

func PutClean(b *bytes.Buffer) { clean.Put(b) }

// Pool is a pool of Ts.
type Pool[T any] struct {
	p sync.Pool
}

func New[T any](f func() T) *Pool[T] {
	return &Pool[T]{p: sync.Pool{New: func() any { return f() }}}
}

func (p *Pool[T]) Get() T { return p.p.Get().(T) }

func (p *Pool[T]) Put(x T) { p.p.Put(x) }

type Req struct {
	ID    int
	Token string
}

func (r *Req) Reset() { r.ID = 0 }

var reqs = sync.Pool{New: func() any { return new(Req) }}

func AcquireReq() *Req { return reqs.Get().(*Req) }

func ReleaseReq(r *Req) {
	r.Reset()
	reqs.Put(r)
}

type totals struct{ Keys, Bytes int }

// Batch is put back by its Close, with what its own methods left in it.
type Batch struct {
	totals
	db   string
	seen bool
}

var batches = sync.Pool{New: func() any { return new(Batch) }}

func NewBatch(db string) *Batch {
	b := batches.Get().(*Batch)
	b.db = db
	return b
}

func (b *Batch) Mark() { b.seen = true }

func (b *Batch) Seen() bool { return b.seen }

func (b *Batch) Close() {
	b.db = ""
	batches.Put(b)
}

// A Joiner keeps what it joins to itself; nobody ever clears it.
type Joiner struct{ parts []string }

func (j *Joiner) Add(s string)   { j.parts = append(j.parts, s) }
func (j *Joiner) String() string { return strings.Join(j.parts, ",") }

var joiners = sync.Pool{New: func() any { return new(Joiner) }}

func AcquireJoiner() *Joiner { return joiners.Get().(*Joiner) }

func ReleaseJoiner(j *Joiner) { joiners.Put(j) }
