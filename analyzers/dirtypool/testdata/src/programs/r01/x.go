package r01

import "sync"

type Item struct{ Body []byte }
type batch struct {
	items []*Item
	n     int
}

var pool = sync.Pool{New: func() any { return new(batch) }}

func (b *batch) reset() {
	b.items = b.items[:0] // want `b\.items\[:0\] keeps the old \*Item values reachable from pool; clear\(b\.items\) first`
	b.n = 0
}

func Send(items []*Item, w func([]*Item)) {
	b := pool.Get().(*batch)
	for _, it := range items {
		b.items = append(b.items, it)
		b.n++
	}
	w(b.items)
	b.reset()
	pool.Put(b)
}
