// Package d22: slice value stored by pointer, records appended.
package d22

import "sync"

type rec struct {
	k string
	v int
}

var recPool = sync.Pool{New: func() any { s := make([]rec, 0, 32); return &s }}

func Collect(m map[string]int, emit func([]rec)) {
	p := recPool.Get().(*[]rec) // want `the \*\[\]rec from recPool may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	s := *p
	for k, v := range m {
		s = append(s, rec{k, v})
	}
	emit(s)
	*p = s
	recPool.Put(p)
}
