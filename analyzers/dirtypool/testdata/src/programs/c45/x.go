// Package c45: allocator arena whose cursor persists, interning table, stats.
package c45

import "sync"

type arena struct {
	buf   []byte
	off   int
	count int
	names map[string]string
}

var arenas = sync.Pool{New: func() any { return &arena{names: map[string]string{}} }}

func (a *arena) alloc(n int) []byte {
	if a.off+n > len(a.buf) {
		a.buf = make([]byte, 4096+n)
		a.off = 0
	}
	p := a.buf[a.off : a.off+n : a.off+n]
	a.off += n
	a.count++
	return p
}

func (a *arena) intern(b []byte) string {
	if s, ok := a.names[string(b)]; ok {
		return s
	}
	s := string(b)
	a.names[s] = s
	return s
}

func Copy(b []byte) ([]byte, string) {
	a := arenas.Get().(*arena)
	defer arenas.Put(a)
	p := a.alloc(len(b))
	copy(p, b)
	return p, a.intern(b)
}
