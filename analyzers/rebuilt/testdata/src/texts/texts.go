// Package texts compresses what it is given.
package texts

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/json"
	"io"
	"sync"
)

type Journal struct {
	mu    sync.Mutex
	pages [][]byte
}

func (j *Journal) Add(page []byte) error {
	small, err := shrink(page)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.pages = append(j.pages, small)
	return nil
}

func shrink(page []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := flate.NewWriter(&out, flate.BestSpeed) // want `flate.NewWriter allocates about 800 KB on every call; keep one in a sync.Pool and give it the next stream by Reset`
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(page); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func ShrinkText(text string) []byte {
	out := new(bytes.Buffer)
	z := gzip.NewWriter(out) // want `gzip.NewWriter allocates about 800 KB on every call`
	io.WriteString(z, text)
	z.Close()
	return out.Bytes()
}

// To somebody's writer, of something else, or for a constant.

func ShrinkTo(w io.Writer, page []byte) error {
	z := gzip.NewWriter(w)
	if _, err := z.Write(page); err != nil {
		return err
	}
	return z.Close()
}

func (j *Journal) Encode() ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if err := json.NewEncoder(z).Encode(j.pages); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func header() []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write([]byte("header"))
	z.Close()
	return out.Bytes()
}

// Once.

var intro = initially([]byte("intro"))

func initially(page []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(page)
	z.Close()
	return out.Bytes()
}

// From a pool.

var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func ShrinkPooled(page []byte) []byte {
	var out bytes.Buffer
	z, ok := writers.Get().(*gzip.Writer)
	if !ok {
		z = gzip.NewWriter(&out)
	}
	z.Reset(&out)
	z.Write(page)
	z.Close()
	writers.Put(z)
	return out.Bytes()
}
