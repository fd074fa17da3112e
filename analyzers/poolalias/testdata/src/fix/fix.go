package fix

import (
	"fmt"
	"sync"
)

type scratch struct{ b []byte }

var pool = sync.Pool{New: func() any { return &scratch{b: make([]byte, 0, 64)} }}

type last struct{ Line []byte }

func line(n int) []byte {
	s := pool.Get().(*scratch)
	defer pool.Put(s)
	s.b = fmt.Appendf(s.b[:0], "%d", n)
	return s.b // want `the returned \[\]byte shares memory with s, which goes back to pool when the function returns: the next user overwrites it`
}

func (l *last) set(n int, ch chan []byte) {
	s := pool.Get().(*scratch)
	s.b = fmt.Appendf(s.b[:0], "%d", n)
	l.Line = s.b[:1] // want `what is stored here shares memory with s, which is put back on line [0-9]+: the next user overwrites it`
	ch <- s.b        // want `the receiver may still use memory of s when it is put back on line [0-9]+`
	pool.Put(s)
}

func check(n int) error {
	s := pool.Get().(*scratch)
	defer pool.Put(s)
	if n < 0 {
		pool.Put(s) // want `s may be put back twice, here and by the deferred call on line [0-9]+: two users would then get the same object`
		return fmt.Errorf("n = %d", n)
	}
	s.b = fmt.Appendf(s.b[:0], "%d", n)
	return nil
}
