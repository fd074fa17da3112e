// Package d08: interface-typed wrapper within the package.
package d08

import (
	"bytes"
	"sync"
)

type bufferPool interface {
	Get() *bytes.Buffer
	Put(*bytes.Buffer)
}

type syncBuffers struct{ p sync.Pool }

func (s *syncBuffers) Get() *bytes.Buffer {
	if b, ok := s.p.Get().(*bytes.Buffer); ok {
		return b
	}
	return new(bytes.Buffer)
}
func (s *syncBuffers) Put(b *bytes.Buffer) { s.p.Put(b) }

type Server struct{ bufs bufferPool }

func NewServer() *Server { return &Server{bufs: &syncBuffers{}} }

func (s *Server) Reply(name string) []byte {
	b := s.bufs.Get() // want `the \*bytes\.Buffer from bufs\.p may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	defer s.bufs.Put(b)
	b.WriteString("hello ")
	b.WriteString(name)
	return append([]byte(nil), b.Bytes()...)
}
