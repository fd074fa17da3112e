// Package d25: crc hash.
package d25

import (
	"hash"
	"hash/crc32"
	"sync"
)

type sums struct{ p sync.Pool }

func newSums() *sums {
	s := &sums{}
	s.p.New = func() any { return crc32.NewIEEE() }
	return s
}

var std = newSums()

func Sum(parts ...[]byte) uint32 {
	h := std.p.Get().(hash.Hash32) // want `the hash\.Hash32 from std\.p may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	for _, p := range parts {
		h.Write(p)
	}
	v := h.Sum32()
	std.p.Put(h)
	return v
}
