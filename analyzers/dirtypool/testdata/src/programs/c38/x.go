// Package c38: buffer held in a struct, reset at construction or at the end.
package c38

import (
	"bytes"
	"net/http"
	"sync"
)

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

type bufferedWriter struct {
	http.ResponseWriter
	buf *bytes.Buffer
}

func newBufferedWriter(w http.ResponseWriter) *bufferedWriter {
	b := &bufferedWriter{ResponseWriter: w, buf: bufs.Get().(*bytes.Buffer)}
	b.buf.Reset()
	return b
}

func (b *bufferedWriter) Write(p []byte) (int, error) { return b.buf.Write(p) }

func (b *bufferedWriter) Close() error {
	_, err := b.ResponseWriter.Write(b.buf.Bytes())
	bufs.Put(b.buf)
	b.buf = nil
	return err
}

type other struct{ out *bytes.Buffer }

func (o *other) begin()       { o.out = bufs.Get().(*bytes.Buffer) }
func (o *other) add(s string) { o.out.WriteString(s) }
func (o *other) end() string {
	s := o.out.String()
	putBuf(o.out)
	o.out = nil
	return s
}
func putBuf(b *bytes.Buffer) {
	b.Reset()
	bufs.Put(b)
}

type third struct{ out *bytes.Buffer }

func (o *third) begin()       { o.out = bufs.Get().(*bytes.Buffer) }
func (o *third) add(s string) { o.out.WriteString(s) }
func (o *third) end(w http.ResponseWriter) {
	o.out.WriteTo(w)
	bufs.Put(o.out)
}
