// Package d13: gzip writer kept without Reset on the pooled path.
package d13

import (
	"compress/gzip"
	"io"
	"sync"
)

var zips sync.Pool

func compress(w io.Writer) *gzip.Writer {
	if v := zips.Get(); v != nil {
		return v.(*gzip.Writer)
	}
	return gzip.NewWriter(w)
}

func Send(w io.Writer, p []byte) error {
	zw := compress(w) // want `the \*gzip\.Writer from zips may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	defer zips.Put(zw)
	if _, err := zw.Write(p); err != nil {
		return err
	}
	return zw.Close()
}
