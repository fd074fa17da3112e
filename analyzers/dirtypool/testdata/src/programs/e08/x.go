// Package e08: hash with prefix, interface any wrapper type.
package e08

import (
	"crypto/md5"
	"encoding/hex"
	"hash"
	"sync"
)

type HashPool struct{ inner *sync.Pool }

func NewHashPool(f func() hash.Hash) *HashPool {
	return &HashPool{inner: &sync.Pool{New: func() any { return f() }}}
}

func (p *HashPool) Sum(parts ...string) string {
	h := p.inner.Get().(hash.Hash) // want `the hash\.Hash from HashPool\.inner may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	defer p.inner.Put(h)
	for _, s := range parts {
		_, _ = h.Write([]byte(s))
	}
	return hex.EncodeToString(h.Sum(nil))
}

var MD5 = NewHashPool(md5.New)
