// Package c13: streams.
package c13

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"sync"
)

var zips sync.Pool

func compress(w io.Writer) *gzip.Writer {
	if v := zips.Get(); v != nil {
		zw := v.(*gzip.Writer)
		zw.Reset(w)
		return zw
	}
	return gzip.NewWriter(w)
}

func Send(w io.Writer, p []byte) error {
	zw := compress(w)
	defer zips.Put(zw)
	if _, err := zw.Write(p); err != nil {
		return err
	}
	return zw.Close()
}

var outs = sync.Pool{New: func() any { return bufio.NewWriter(os.Stdout) }}

func Print(args ...any) {
	w := outs.Get().(*bufio.Writer)
	defer outs.Put(w)
	fmt.Fprintln(w, args...)
	w.Flush()
}

var readers = sync.Pool{New: func() any { return bufio.NewReader(nil) }}

func First(r io.Reader) (string, error) {
	br := readers.Get().(*bufio.Reader)
	br.Reset(r)
	defer func() {
		br.Reset(nil)
		readers.Put(br)
	}()
	return br.ReadString('\n')
}

var levels [10]sync.Pool

func level(w io.Writer, n int) *gzip.Writer {
	zw, _ := levels[n].Get().(*gzip.Writer)
	if zw == nil {
		zw, _ = gzip.NewWriterLevel(w, n)
		return zw
	}
	zw.Reset(w)
	return zw
}

func Level(w io.Writer, n int, p []byte) {
	zw := level(w, n)
	zw.Write(p)
	zw.Close()
	levels[n].Put(zw)
}

type rc struct {
	*gzip.Reader
	body io.ReadCloser
}

var gzr sync.Pool

func Open(body io.ReadCloser) (io.ReadCloser, error) {
	if zr, ok := gzr.Get().(*gzip.Reader); ok {
		if err := zr.Reset(body); err != nil {
			return nil, err
		}
		return &rc{zr, body}, nil
	}
	zr, err := gzip.NewReader(body)
	if err != nil {
		return nil, err
	}
	return &rc{zr, body}, nil
}

func (r *rc) Close() error {
	gzr.Put(r.Reader)
	return r.body.Close()
}
