// Package bufpool wraps a pool for other packages.
package bufpool

import (
	"bytes"
	"sync"
	"unsafe"
)

var pool = sync.Pool{New: func() any { return new(Buffer) }}

// Buffer is a pooled buffer.
type Buffer struct {
	bs  []byte
	tmp bytes.Buffer
}

func Get() *Buffer { return pool.Get().(*Buffer) }

func (b *Buffer) Write(p []byte) (int, error) {
	b.bs = append(b.bs, p...)
	return len(p), nil
}

func (b *Buffer) Bytes() []byte     { return b.bs }     // want Bytes:`poolalias: result 0 is memory of param 0`
func (b *Buffer) Tail(n int) []byte { return b.bs[n:] } // want Tail:`poolalias: result 0 is memory of param 0`
func (b *Buffer) String() string    { return string(b.bs) }
func (b *Buffer) Len() int          { return len(b.bs) }

// Free gives the buffer back.
func (b *Buffer) Free() { // want Free:`poolalias: puts back param 0`
	b.bs = b.bs[:0]
	pool.Put(b)
}

// Put gives the buffer back if it is not too large.
func Put(b *Buffer) { // want Put:`poolalias: puts back param 0`
	if cap(b.bs) > 1<<16 {
		return
	}
	b.bs = b.bs[:0]
	pool.Put(b)
}

// Typed is a pool of any type.
type Typed[T any] struct{ p sync.Pool }

func (p *Typed[T]) Get() *T {
	if v, ok := p.p.Get().(*T); ok {
		return v
	}
	return new(T)
}

func (p *Typed[T]) Put(v *T) { p.p.Put(v) } // want Put:`poolalias: puts back param 1`

func take() *Buffer { return Get() }

// Scoped returns a buffer and what gives it back.
func Scoped() (*Buffer, func()) { // want Scoped:`poolalias: result 1 puts back result 0`
	b := take()
	return b, func() { Put(b) }
}

// Method returns a buffer and what gives it back.
func Method() (*Buffer, func()) { // want Method:`poolalias: result 1 puts back result 0`
	b := Get()
	return b, b.Free
}

// With lends a buffer to f.
func With(f func(b *Buffer) error) error { // want With:`poolalias: lends an object to param 0 and returns its results`
	b := Get()
	defer b.Free()
	return f(b)
}

// Map lends a buffer to f and returns what it returns.
func Map[T any](f func(b *Buffer) T) T { // want Map:`poolalias: lends an object to param 0 and returns its results`
	b := Get()
	defer Put(b)
	return f(b)
}

// Lease is a buffer that can be closed.
type Lease struct {
	*bytes.Buffer
	done bool
}

var leased = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Open returns a lease.
func Open() *Lease {
	b := leased.Get().(*bytes.Buffer)
	b.Reset()
	return &Lease{Buffer: b}
}

// Close gives the buffer back, once.
func (l *Lease) Close() error { // want Close:`poolalias: puts back param 0`
	if l.done {
		return nil
	}
	l.done = true
	leased.Put(l.Buffer)
	l.Buffer = nil
	return nil
}

// Card is put back itself, once.
type Card struct {
	text []byte
	gone bool
}

var cards = sync.Pool{New: func() any { return new(Card) }}

// NewCard returns a card.
func NewCard() *Card {
	c := cards.Get().(*Card)
	c.gone = false
	c.text = c.text[:0]
	return c
}

// Text returns what is on it.
func (c *Card) Text() []byte { return c.text } // want Text:`poolalias: result 0 is memory of param 0`

// Discard gives it back, once.
func (c *Card) Discard() { // want Discard:`poolalias: puts back param 0`
	if !c.gone {
		c.gone = true
		cards.Put(c)
	}
}

// A Slab is memory that other packages fill.
type Slab struct {
	Mem []byte // want Mem:`poolalias: memory that is used again`
	Tag []byte
}

var slabs = sync.Pool{New: func() any { return &Slab{Mem: make([]byte, 0, 256)} }}

// NewSlab returns an empty one.
func NewSlab() *Slab {
	s := slabs.Get().(*Slab)
	s.Mem = s.Mem[:0]
	s.Tag = nil
	return s
}

// Drop gives it back.
func Drop(s *Slab) { // want Drop:`poolalias: puts back param 0`
	if cap(s.Mem) <= 4096 {
		slabs.Put(s)
	}
}

// Release gives it back.
func (s *Slab) Release() { Drop(s) } // want Release:`poolalias: puts back param 0`

// AsString makes a string of bytes without copying them.
func AsString(b []byte) string { // want AsString:`poolalias: result 0 is memory of param 0`
	if len(b) == 0 {
		return ""
	}
	return unsafe.String(&b[0], len(b))
}

// Text copies them.
func Text(b []byte) string { return string(b) }

// Rows are pooled by value.
type Rows []int

var rows sync.Pool

// Compact returns rows without those that follow an equal one: the same ones, or others, and then it puts
// the first ones back.
func (r Rows) Compact() Rows { // want Compact:`poolalias: result 0 is memory of param 0`
	if len(r) == 0 {
		return r
	}
	res, _ := rows.Get().(Rows)
	for i := 1; i < len(r); i++ {
		if r[i] == r[i-1] {
			res = append(res, r[i])
		}
	}
	if len(res) == 0 {
		rows.Put(res)
		return r
	}
	rows.Put(r)
	return res
}

// Sum puts rows back.
func (r Rows) Sum() (n int) { // want Sum:`poolalias: puts back param 0`
	for _, v := range r {
		n += v
	}
	rows.Put(r)
	return n
}
