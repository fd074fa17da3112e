// Package c22: slices reused from [:0].
package c22

import (
	"strconv"
	"sync"
)

type rec struct {
	k string
	v int
}

var recPool = sync.Pool{New: func() any { s := make([]rec, 0, 32); return &s }}

func Collect(m map[string]int, emit func([]rec)) {
	p := recPool.Get().(*[]rec)
	s := (*p)[:0]
	for k, v := range m {
		s = append(s, rec{k, v})
	}
	emit(s)
	*p = s
	recPool.Put(p)
}

func Collect2(m map[string]int, emit func([]rec)) {
	p := recPool.Get().(*[]rec)
	s := *p
	for k, v := range m {
		s = append(s, rec{k, v})
	}
	emit(s)
	clear(s)
	*p = s[:0]
	recPool.Put(p)
}

var bytesPool = sync.Pool{New: func() any { b := make([]byte, 0, 64); return &b }}

func Itoa(xs []int, w func([]byte)) {
	bp := bytesPool.Get().(*[]byte)
	b := *bp
	b = b[:0]
	for _, x := range xs {
		b = strconv.AppendInt(b, int64(x), 10)
	}
	w(b)
	*bp = b
	bytesPool.Put(bp)
}

func Read(r func([]byte) int, w func([]byte)) {
	bp := bytesPool.Get().(*[]byte)
	defer bytesPool.Put(bp)
	b := *bp
	b = b[:cap(b)]
	n := r(b)
	w(b[:n])
}
