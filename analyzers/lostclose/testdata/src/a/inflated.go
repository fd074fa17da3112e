package a

import (
	"bufio"
	"compress/gzip"
	"io"
	"os"
)

// Who gets a reader that decompresses a file closes that, and the file stays open.
func unpacked(path string) (io.ReadCloser, error) {
	f, err := os.Open(path) // want `f is not closed by Close of the reader that gzip.NewReader makes of it at line 20, and who gets that has nothing else to close it by: its file descriptor stays open until the garbage collector finds it; hand on a type that closes both`
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(16, io.SeekStart); err != nil {
		f.Close()
		return nil, err
	}
	zr, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return zr, nil
}

type shelf struct {
	page io.ReadCloser
	book *os.File
	end  func() error
}

func (s *shelf) open(path string, packed bool) error {
	f, err := os.Open(path) // want `f is not closed by Close of the reader that gzip.NewReader makes of it at line \d+`
	if err != nil {
		return err
	}
	var page io.ReadCloser = f
	if packed {
		if page, err = gzip.NewReader(f); err != nil {
			f.Close()
			return err
		}
	}
	s.page = page
	return nil
}

// Here the shelf has both.
func (s *shelf) openBoth(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	zr, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return err
	}
	s.page, s.book = zr, f
	return nil
}

// And here what it ends with.
func newShelf(path string) (*shelf, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	zr, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		f.Close()
		return nil, err
	}
	return &shelf{page: zr, end: f.Close}, nil
}

// The reader and the end of the file are one.
type both struct {
	io.Reader
	io.Closer
}

func unpackedBoth(path string) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	zr, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return both{zr, f}, nil
}

// A function that the caller calls at the end.
func unpackedEnd(path string) (io.Reader, func(), error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	zr, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return zr, func() { zr.Close(); f.Close() }, nil
}

// What has been read is closed.
func unpackedAll(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zr)
}
