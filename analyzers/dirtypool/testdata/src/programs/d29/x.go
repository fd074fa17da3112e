// Package d29: wrapper struct embeds sync.Pool.
package d29

import (
	"bytes"
	"sync"
	"text/template"
)

type BufPool struct{ sync.Pool }

func NewBufPool() *BufPool {
	return &BufPool{sync.Pool{New: func() any { return &bytes.Buffer{} }}}
}

func (p *BufPool) GetBuf() *bytes.Buffer  { return p.Get().(*bytes.Buffer) }
func (p *BufPool) PutBuf(b *bytes.Buffer) { p.Put(b) }

var pool = NewBufPool()

func Exec(t *template.Template, data any) (string, error) {
	b := pool.GetBuf() // want `the \*bytes\.Buffer from pool\.Pool may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	defer pool.PutBuf(b)
	if err := t.Execute(b, data); err != nil {
		return "", err
	}
	return b.String(), nil
}
