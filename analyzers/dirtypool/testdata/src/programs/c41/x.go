// Package c41: retained look-alikes.
package c41

import (
	"io"
	"sync"
)

type Item struct{ Body []byte }

type batch struct {
	cleared []*Item
	nils    []*Item
	dropped []*Item
	nums    []int
	names   []string
	slots   []*Item // regrown
	bufs    [][]byte
	closers []io.Closer
	given   []*Item
}

var pool = sync.Pool{New: func() any { return new(batch) }}

func (b *batch) next() *Item {
	n := len(b.slots)
	if n < cap(b.slots) {
		b.slots = b.slots[:n+1]
	} else {
		b.slots = append(b.slots, nil)
	}
	if b.slots[n] == nil {
		b.slots[n] = new(Item)
	}
	return b.slots[n]
}

var bytesPool = sync.Pool{New: func() any { return new([64]byte) }}

func putBytes(b []byte) { bytesPool.Put((*[64]byte)(b)) }

func (b *batch) add(it *Item, c io.Closer) {
	b.cleared = append(b.cleared, it)
	b.nils = append(b.nils, it)
	b.dropped = append(b.dropped, it)
	b.nums = append(b.nums, len(it.Body))
	b.names = append(b.names, string(it.Body))
	b.closers = append(b.closers, c)
	b.bufs = append(b.bufs, make([]byte, 64))
	b.next().Body = it.Body
}

func (b *batch) release() {
	clear(b.cleared)
	b.cleared = b.cleared[:0]
	for i := range b.nils {
		b.nils[i] = nil
	}
	b.nils = b.nils[:0]
	b.dropped = nil
	b.nums = b.nums[:0]
	b.names = b.names[:0]
	b.slots = b.slots[:0]
	for _, x := range b.bufs {
		putBytes(x)
	}
	b.bufs = b.bufs[:0]
	for _, c := range b.closers {
		c.Close()
	}
	b.closers = b.closers[:0]
	b.given = b.given[:0]
	pool.Put(b)
}

func Use(items []*Item, c io.Closer) {
	b := pool.Get().(*batch)
	defer b.release()
	b.given = items
	for _, it := range items {
		b.add(it, c)
	}
}

// truncated after Get only
type second struct{ items []*Item }

var seconds = sync.Pool{New: func() any { return new(second) }}

func Use2(items []*Item, f func([]*Item)) {
	s := seconds.Get().(*second)
	s.items = s.items[:0]
	s.items = append(s.items, items...)
	f(s.items)
	clear(s.items)
	seconds.Put(s)
}

// not pooled
type plain struct{ items []*Item }

func (p *plain) reset()       { p.items = p.items[:0] }
func (p *plain) Add(it *Item) { p.items = append(p.items, it) }
func Run(p *plain, items []*Item) {
	for _, it := range items {
		p.Add(it)
	}
	p.reset()
}

var anyPool = sync.Pool{New: func() any { s := make([]any, 0, 8); return &s }}

func Args(vals ...any) int {
	p := anyPool.Get().(*[]any)
	defer func() {
		clear(*p)
		*p = (*p)[:0]
		anyPool.Put(p)
	}()
	*p = append(*p, vals...)
	return len(*p)
}

func Args2(vals ...any) int {
	p := anyPool.Get().(*[]any)
	s := append((*p)[:0], vals...)
	n := len(s)
	for i := range s {
		s[i] = nil
	}
	*p = s[:0]
	anyPool.Put(p)
	return n
}
