// Package d38: object stored in a struct between Get and Put.
package d38

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

type bufferedWriter struct {
	http.ResponseWriter
	buf *bytes.Buffer
}

func newBufferedWriter(w http.ResponseWriter) *bufferedWriter {
	return &bufferedWriter{ResponseWriter: w, buf: bufs.Get().(*bytes.Buffer)} // want `the \*bytes\.Buffer from bufs may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
}

func (b *bufferedWriter) Write(p []byte) (int, error) { return b.buf.Write(p) }

func (b *bufferedWriter) Close() error {
	_, err := io.Copy(b.ResponseWriter, bytes.NewReader(b.buf.Bytes()))
	bufs.Put(b.buf)
	b.buf = nil
	return err
}
