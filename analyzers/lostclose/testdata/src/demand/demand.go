// Package demand has what is only told with -all.
package demand

import (
	"archive/tar"
	"compress/zlib"
	"fmt"
	"io"
	"os"
)

func pack(w io.Writer, r io.Reader, n int64) error {
	zw := zlib.NewWriter(w) // want `zw is not closed on the path that returns at line 20: what it holds`
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

func archive(path string, names []string) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	tw := tar.NewWriter(f) // want `tw is not closed on the path that returns at line \d+: what it holds`
	for _, name := range names {
		if err := tw.WriteHeader(&tar.Header{Name: name}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return tw.Close()
}
