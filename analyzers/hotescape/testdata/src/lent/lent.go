// Package lent has helpers that are lent buffers.
package lent

import (
	"io"
	"net/http"
	"os"
)

// A function of the package that only hands on what it is lent lends it as well.

type shelf struct {
	name string
	last []byte
}

func part(r io.Reader, p []byte) (int, error) { return r.Read(p) }

func whole(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var k int
		k, err = part(r, p[n:])
		n += k
	}
	return n, err
}

func (s *shelf) book(w http.ResponseWriter, r *http.Request) {
	f, err := os.Open(s.name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	page := make([]byte, 16<<10) // want `page \(16 KiB\) is allocated on every request, because the compiler must assume that whole keeps it; take it from a sync.Pool`
	for {
		n, err := whole(f, page)
		if _, werr := w.Write(page[:n]); err != nil || werr != nil {
			return
		}
	}
}

// Silent: it keeps a part.

func (s *shelf) keep(r io.Reader, p []byte) error {
	n, err := part(r, p)
	s.last = p[:n]
	return err
}

func (s *shelf) leaf(w http.ResponseWriter, r *http.Request) {
	page := make([]byte, 16<<10)
	if s.keep(r.Body, page) == nil {
		w.Write(page)
	}
}

func (s *shelf) there(r io.Reader, p []byte, n int) error {
	if n == 0 {
		return s.back(r, p, n)
	}
	return s.back(r, p, n-1)
}

func (s *shelf) back(r io.Reader, p []byte, n int) error { return s.there(r, p, n) }

func (s *shelf) round(w http.ResponseWriter, r *http.Request) {
	page := make([]byte, 16<<10)
	s.there(r.Body, page, 3)
}
