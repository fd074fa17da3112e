// Package c46: a deferred function that an early return does not reach.
package c46

import (
	"compress/gzip"
	"errors"
	"io"
	"sync"
)

var zips = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	if err != nil {
		return err
	}
	return w
}}

func Send(out io.Writer, p []byte, drop bool) error {
	w, ok := zips.Get().(*gzip.Writer)
	if !ok {
		return errors.New("no writer")
	}
	w.Reset(out)
	defer func() {
		if drop {
			w.Reset(io.Discard)
		}
		w.Close()
		zips.Put(w)
	}()
	_, err := w.Write(p)
	return err
}
