// Package b opens by way of its own constructors and interfaces.
package b

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
)

// A constructor that defers something, and readers that cannot close what they get.

type reader struct {
	f  *os.File
	zr *gzip.Reader
}

var mu sync.Mutex

func open(path string) (*reader, error) {
	mu.Lock()
	defer mu.Unlock()
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	zr, err := gzip.NewReader(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &reader{f, zr}, nil
}

func (r *reader) Read(p []byte) (int, error) { return r.zr.Read(p) }

func (r *reader) Close() error { return errors.Join(r.zr.Close(), r.f.Close()) }

func lines(path string) (n int, err error) {
	r, err := open(path) // want `r is never closed: the file or connection that it holds`
	if err != nil {
		return 0, err
	}
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		n++
	}
	return n, sc.Err()
}

func decode(path string, v any) error {
	r, err := open(path) // want `r is never closed`
	if err != nil {
		return err
	}
	return json.NewDecoder(r).Decode(v)
}

func decodeRight(path string, v any) error {
	r, err := open(path)
	if err != nil {
		return err
	}
	defer r.Close()
	return json.NewDecoder(r).Decode(v)
}

// Somebody else has the reader.

var readers []*reader

func keep(path string) (*bufio.Scanner, error) {
	mu.Lock()
	defer mu.Unlock()
	r, err := open(path)
	if err != nil {
		return nil, err
	}
	readers = append(readers, r)
	return bufio.NewScanner(r), nil
}

func scanner(path string) (*bufio.Scanner, io.Closer, error) {
	r, err := open(path)
	if err != nil {
		return nil, nil, err
	}
	return bufio.NewScanner(r), r, nil
}

// Methods of an interface, all of which open something.

type source interface {
	Open(name string) (io.ReadCloser, error)
	Name() string
}

type disk struct{ dir string }

func (d disk) Open(name string) (io.ReadCloser, error) { return os.Open(d.dir + name) }

func (d disk) Name() string { return d.dir }

type remote struct{ addr string }

func (r *remote) Open(name string) (io.ReadCloser, error) {
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Write([]byte(name)); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

func (r *remote) Name() string { return r.addr }

func size(s source, name string) (n int64, err error) {
	rc, err := s.Open(name) // want `rc is never closed`
	if err != nil {
		return 0, err
	}
	return io.Copy(io.Discard, rc)
}

func sizeRight(s source, name string) (n int64, err error) {
	rc, err := s.Open(name)
	if err != nil {
		return 0, err
	}
	defer rc.Close()
	return io.Copy(io.Discard, rc)
}

type layers struct{ of []source }

func (l layers) each(name string, do func(io.Reader) error) error {
	for _, s := range l.of {
		rc, err := s.Open(name) // want `rc is not closed on the path`
		if err != nil {
			continue
		}
		if err := do(rc); err != nil {
			return err
		}
		rc.Close()
	}
	return nil
}

// One of them opens nothing.

type texts interface {
	Get(name string) (io.ReadCloser, error)
}

type files struct{ dir string }

func (f files) Get(name string) (io.ReadCloser, error) { return os.Open(f.dir + name) }

type memory map[string]string

func (m memory) Get(name string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(m[name])), nil
}

func count(t texts, name string) (n int64, err error) {
	rc, err := t.Get(name)
	if err != nil {
		return 0, err
	}
	return io.Copy(io.Discard, rc)
}

// An error that goes by way of a variable, as in functions that defer.

func archive(path string, names []string) (int, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	tw := tar.NewWriter(f)
	for _, name := range names {
		if err := tw.WriteHeader(&tar.Header{Name: name}); err != nil {
			return 1, fmt.Errorf("%s: %w", name, err)
		}
	}
	return 2, tw.Close()
}

func archiveShort(path string, names []string) (int, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	tw := tar.NewWriter(f) // want `tw is not closed on the path that returns at line \d+: what it still holds`
	if len(names) == 0 {
		return 0, nil
	}
	return 2, tw.Close()
}
