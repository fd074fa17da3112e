// Package lends has functions that lend what they take, and fields that nobody reads yet.
package lends

import (
	"bytes"
	"sync"
)

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func with(fn func(*bytes.Buffer) error) error {
	b := bufs.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() < 1<<16 {
			bufs.Put(b)
		}
	}()
	return fn(b)
}

type lines struct {
	rows [][]byte
	last *bytes.Buffer
}

func (l *lines) split(s string) error {
	return with(func(b *bytes.Buffer) error {
		b.WriteString(s)
		l.rows = bytes.Split(b.Bytes(), []byte{'\n'}) // want `what is stored here shares memory with the pooled object`
		return nil
	})
}

func (l *lines) count(s string) (n int, err error) {
	err = with(func(b *bytes.Buffer) error {
		b.WriteString(s)
		n = len(bytes.Split(b.Bytes(), []byte{'\n'}))
		return nil
	})
	return n, err
}

// Each turn is lent an object of its own.
func (l *lines) counts(list []string) (sum int) {
	for _, s := range list {
		err := with(func(b *bytes.Buffer) error {
			_, err := b.WriteString(s)
			sum += b.Len()
			return err
		})
		if err != nil {
			return sum
		}
	}
	return sum
}

// What one turn keeps is not there any more in the next.
func changes(list []string) (n int) {
	var last []byte
	for _, s := range list {
		with(func(b *bytes.Buffer) error {
			b.WriteString(s)
			if !bytes.Equal(last, b.Bytes()) { // want `the pooled object is used after it was put back on line 63`
				n++
			}
			last = b.Bytes()
			return nil
		})
	}
	return n
}

func (l *lines) keep(s string) int {
	b := bufs.Get().(*bytes.Buffer)
	defer bufs.Put(b)
	b.WriteString(s)
	l.last = b // want `what is stored here shares memory with b, which goes back to bufs when the function returns`
	return b.Len()
}

func (l *lines) all() [][]byte { return l.rows }

// A field that only the function itself looks at, before it is set again.
type writer struct{ cur *bytes.Buffer }

func (w *writer) write(s string) string {
	b := bufs.Get().(*bytes.Buffer)
	defer bufs.Put(b)
	b.Reset()
	w.cur = b
	w.add(s)
	return b.String()
}

func (w *writer) add(s string) { w.cur.WriteString(s) }
