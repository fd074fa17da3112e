//go:build ignore

// Close of a frame stream forgets to wake a reader that waits for a frame.
//
// leak: lostgoroutine no-partner: reported

package main

import (
	"io"
	"sync"
	"time"
)

type frame struct{ payload []byte }

type frameBuffer struct {
	frames chan frame
	rest   []byte
}

func (b *frameBuffer) get() <-chan frame { return b.frames }

type frameReader struct{ buf *frameBuffer }

func (r *frameReader) Read(p []byte) (int, error) {
	if len(r.buf.rest) == 0 {
		f, ok := <-r.buf.get()
		if !ok {
			return 0, io.EOF
		}
		r.buf.rest = f.payload
	}
	n := copy(p, r.buf.rest)
	r.buf.rest = r.buf.rest[n:]
	return n, nil
}

type stream struct{ r io.Reader }

func (s *stream) Read(p []byte) (int, error) { return io.ReadFull(s.r, p) }

type transport struct {
	mu     sync.Mutex
	active map[*stream]*frameBuffer
}

func (t *transport) Open() *stream {
	t.mu.Lock()
	defer t.mu.Unlock()
	buf := &frameBuffer{frames: make(chan frame)}
	s := &stream{r: &frameReader{buf: buf}}
	t.active[s] = buf
	return s
}

func (t *transport) Close(s *stream) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.active, s)
}

func echo(timeout time.Duration) {
	t := &transport{active: make(map[*stream]*frameBuffer)}
	s := t.Open()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Read(make([]byte, 8))
	}()
	t.Close(s)
	select {
	case <-done:
	case <-time.After(timeout):
	}
}

func run() { echo(time.Millisecond) }
