// Package d26: hmac with the key set in New, method value put.
package d26

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
)

type Signer struct {
	macs sync.Pool
}

func NewSigner(key []byte) *Signer {
	return &Signer{macs: sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

func (s *Signer) mac() (hash.Hash, func()) {
	h := s.macs.Get().(hash.Hash)
	return h, func() { s.macs.Put(h) }
}

func (s *Signer) Sign(msg []byte) []byte {
	h, done := s.mac() // want `the hash\.Hash from Signer\.macs may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	defer done()
	h.Write(msg)
	return h.Sum(nil)
}
