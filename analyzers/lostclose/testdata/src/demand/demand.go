// Package demand has what is only told with -all.
package demand

import (
	"compress/zlib"
	"io"
)

func pack(w io.Writer, r io.Reader, n int64) error {
	zw := zlib.NewWriter(w) // want `zw is not closed on the path that returns at line 17: what it holds`
	m, err := io.Copy(zw, r)
	if err != nil {
		zw.Close()
		return err
	}
	if m < n {
		return io.ErrUnexpectedEOF
	}
	return zw.Close()
}

func packRight(w io.Writer, r io.Reader, n int64) error {
	zw := zlib.NewWriter(w)
	defer zw.Close()
	if m, err := io.Copy(zw, r); err != nil || m < n {
		return io.ErrUnexpectedEOF
	}
	return zw.Close()
}
