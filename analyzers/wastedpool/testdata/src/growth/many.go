package growth

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// Any number of strings of the caller's.
var lists = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Compose(w io.Writer, parts ...string) error {
	b := lists.Get().(*bytes.Buffer)
	defer func() {
		b.Reset()
		lists.Put(b) // want `\*bytes.Buffer is put back into lists whatever its capacity: one large input pins that memory`
	}()
	for _, p := range parts {
		b.WriteString(p)
	}
	_, err := w.Write(b.Bytes())
	return err
}

var few = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Pair(k, v string) string {
	b := few.Get().(*bytes.Buffer)
	defer few.Put(b)
	b.Reset()
	for _, s := range [...]string{k, "=", v} {
		b.WriteString(s)
	}
	return b.String()
}

func Each(names []string) (n int) {
	for _, name := range names {
		b := few.Get().(*bytes.Buffer)
		b.Reset()
		b.WriteString(name)
		n += b.Len()
		few.Put(b)
	}
	return n
}

// A function that goes to other packages together with the buffer.
var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Scratch() (*bytes.Buffer, func()) {
	b := scratch.Get().(*bytes.Buffer)
	b.Reset()
	return b, func() { scratch.Put(b) } // want `\*bytes.Buffer is put back into scratch whatever its capacity: callers of Scratch may make it large`
}

var tested = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Guarded() (*bytes.Buffer, func()) {
	b := tested.Get().(*bytes.Buffer)
	b.Reset()
	return b, func() {
		if b.Cap() < 1<<16 {
			tested.Put(b)
		}
	}
}

func own() (*bytes.Buffer, func()) {
	b := few.Get().(*bytes.Buffer)
	b.Reset()
	return b, func() { few.Put(b) }
}

var readers2 = sync.Pool{New: func() any { return new(strings.Reader) }}

func Fixed(s string) (*strings.Reader, func()) {
	r := readers2.Get().(*strings.Reader)
	r.Reset(s)
	return r, func() { readers2.Put(r) }
}
