// Package wrapuse uses the pools of another package.
package wrapuse

import (
	"bytes"
	"io"
	"sync"

	"wrap"
)

var lists wrap.Of[[]int] // want `the sync.Pool in Of holds values of type \[\]int, which boxes a 24-byte slice header`
var refs wrap.Of[*int]

func release(p *sync.Pool, b []byte, ref *[]byte) {
	wrap.Release(p, b) // want `Release puts into a sync.Pool a \[\]byte, which boxes a 24-byte slice header`
	wrap.Release(p, ref)
}

func body(r io.Reader) (int64, error) {
	b := wrap.Get()
	defer wrap.Put(b) // want `\*bytes.Buffer is put back into bufs whatever its capacity: one large input`
	return b.ReadFrom(r)
}

func inLoop(names []string) {
	for _, name := range names {
		b := wrap.Get()
		defer wrap.Put(b) // want `Put deferred in a loop runs only when the function returns: bufs is empty for every iteration`
		b.WriteString(name)
	}
}

var bodies wrap.Of[*bytes.Buffer]

func load(r io.Reader) (string, error) {
	b := bodies.Get()
	defer bodies.Put(b) // want `\*bytes.Buffer is put back into bodies.pool whatever its capacity: one large input`
	b.Reset()
	_, err := io.Copy(b, r)
	return b.String(), err
}

var bounded wrap.Careful[*bytes.Buffer]

func loadBounded(r io.Reader) (string, error) {
	b := bounded.Get()
	defer bounded.Put(b)
	b.Reset()
	_, err := io.Copy(b, r)
	return b.String(), err
}

var tables wrap.Of[*[256]int]

func histogram(p []byte) (most int) {
	t := tables.Get() // want `objects taken from tables are never put back`
	clear(t[:])
	for _, c := range p {
		t[c]++
		most = max(most, t[c])
	}
	return most
}

var marks wrap.Of[*[256]bool]

func distinct(p []byte) (n int) {
	m := marks.Get()
	defer marks.Put(m)
	clear(m[:])
	for _, c := range p {
		if !m[c] {
			m[c] = true
			n++
		}
	}
	return n
}

var given wrap.Of[*[256]bool]

func hand(f func(*wrap.Of[*[256]bool])) *[256]bool {
	f(&given)
	return given.Get()
}

func sizedText(r io.Reader, n int) (string, error) {
	b := wrap.GetSized(n)
	defer wrap.PutSized(b)
	_, err := io.Copy(b, r)
	return b.String(), err
}
