package a

import (
	"io"
	"strconv"
	"sync"
)

var headers = sync.Pool{New: func() any { b := make([]byte, 0, 1024); return &b }}

// A release function that takes the slice.
func putHeader(b []byte) {
	b = b[:0]
	headers.Put(&b) // want `Put\(&b\) allocates a new slice header on each call; put back the pointer obtained from Get`
}

func getHeader() []byte { return *headers.Get().(*[]byte) }

// The variable of the miss is also that of the hit.
func hitOrMiss(n int) int {
	var buf []byte
	if bp, ok := headers.Get().(*[]byte); ok && cap(*bp) >= n {
		defer headers.Put(bp)
		buf = (*bp)[:n]
	} else {
		buf = make([]byte, n)
		defer headers.Put(&buf) // want `Put\(&buf\) allocates a new slice header`
	}
	clear(buf)
	return len(buf)
}

// From the acquire function of the package.
func both(data []byte) int {
	b := getHeader()
	b = append(b[:0], data...)
	n := len(b)
	headers.Put(&b) // want `Put\(&b\) allocates a new slice header`
	return n
}

// Another package is given the pool.
type marshaler interface {
	Marshal(pool *sync.Pool) ([]byte, error)
}

func send(m marshaler, pool *sync.Pool, write func([]byte)) error {
	b, err := m.Marshal(pool)
	if err != nil {
		return err
	}
	write(b)
	pool.Put(&b) // want `Put\(&b\) allocates a new slice header`
	return nil
}

type matrix struct{ cells [16]float64 }

type solver struct{ pool sync.Pool }

func (s *solver) release(m matrix) {
	s.pool.Put(&m) // want `Put\(&m\) allocates a copy of matrix, 128 bytes, on each call; put back the pointer obtained from Get`
}

func (s *solver) solve() float64 {
	m, _ := s.pool.Get().(*matrix)
	if m == nil {
		m = new(matrix)
	}
	return m.cells[0]
}

// Kept in a field meanwhile, and in a function literal.
type writer struct{ buf []byte }

func newWriter() *writer { return &writer{buf: *headers.Get().(*[]byte)} }

func (w *writer) Close() {
	b := w.buf
	w.buf = nil
	headers.Put(&b) // want `Put\(&b\) allocates a new slice header`
}

func literal(data []byte) int {
	b := *headers.Get().(*[]byte)
	defer func() { headers.Put(&b) }() // want `Put\(&b\) allocates a new slice header`
	b = append(b[:0], data...)
	return len(b)
}

// A function of the package appends to what was taken.
type reading struct {
	name, unit string
	value      int64
}

func (r reading) appendTo(b []byte) []byte {
	b = append(b, r.name...)
	b = strconv.AppendInt(b, r.value, 10)
	return append(b, r.unit...)
}

var readingLines = sync.Pool{New: func() any { b := make([]byte, 0, 256); return &b }}

func writeReading(w io.Writer, r reading) error {
	bp := readingLines.Get().(*[]byte)
	line := r.appendTo((*bp)[:0])
	_, err := w.Write(line)
	if cap(line) <= 1<<12 {
		readingLines.Put(&line) // want `Put\(&line\) allocates a new slice header on each call; put back the pointer obtained from Get`
	}
	return err
}

// This one gives the pool what the function has made.
func (r reading) line() []byte { return append(append([]byte(nil), r.name...), r.unit...) }

func giveReading(w io.Writer, r reading) error {
	line := r.line()
	_, err := w.Write(line)
	if cap(line) <= 1<<12 {
		readingLines.Put(&line)
	}
	return err
}
