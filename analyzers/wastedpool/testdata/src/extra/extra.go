// Package extra has what is reported under -all only.
package extra

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

var lines = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func line(w io.Writer, msg string) error {
	b := lines.Get().(*bytes.Buffer)
	b.Reset()
	b.WriteString(msg)
	if msg == "" {
		return errors.New("empty") // want `this return drops the \*bytes.Buffer from lines without Put; the GC reclaims it, but pooling is defeated`
	}
	_, err := b.WriteTo(w)
	lines.Put(b) // want `\*bytes.Buffer is put back into lines whatever its capacity: one large input pins that memory`
	return err
}

var chunks = sync.Pool{New: func() any { return new([]byte) }}

func chunk(data []byte, use func([]byte)) {
	bp := chunks.Get().(*[]byte)
	*bp = append((*bp)[:0], data...)
	use(*bp)
	chunks.Put(bp) // want `\*\[\]byte is put back into chunks whatever its capacity`
}

// Ownership that goes to the caller, or a buffer that is too large to keep.

type frame struct{ b *bytes.Buffer }

var kept = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func open(ok bool) *frame {
	b := kept.Get().(*bytes.Buffer)
	b.Reset()
	if !ok {
		kept.Put(b)
		return nil
	}
	return &frame{b}
}

func bounded(w io.Writer, r io.Reader) error {
	b := kept.Get().(*bytes.Buffer)
	b.Reset()
	_, err := b.ReadFrom(r)
	if b.Cap() > 1<<16 {
		return err
	}
	kept.Put(b)
	return err
}

func panics(ok bool) {
	b := kept.Get().(*bytes.Buffer)
	if !ok {
		panic("not ok")
	}
	if b.Cap() < 1<<16 {
		kept.Put(b)
	}
}
