// Package e05: typed pool struct with embedded mutex & stats; Get/Put by field pointer.
package e05

import (
	"bytes"
	"io"
	"sync"
)

type Compressor interface {
	Compress(dst io.Writer, p []byte) error
}

type pools struct {
	small, large *sync.Pool
}

func newPools() *pools {
	mk := func(n int) *sync.Pool {
		return &sync.Pool{New: func() any { return bytes.NewBuffer(make([]byte, 0, n)) }}
	}
	return &pools{small: mk(1 << 10), large: mk(1 << 20)}
}

func (p *pools) pick(n int) *sync.Pool {
	if n > 1<<10 {
		return p.large
	}
	return p.small
}

type Svc struct{ p *pools }

func (s *Svc) Wrap(body []byte, w io.Writer) error {
	pool := s.p.pick(len(body))
	buf := pool.Get().(*bytes.Buffer) // want `the \*bytes\.Buffer from pick\(\) may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	defer pool.Put(buf)
	buf.WriteString("<")
	buf.Write(body)
	buf.WriteString(">")
	_, err := w.Write(buf.Bytes())
	return err
}
