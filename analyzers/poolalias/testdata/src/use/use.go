// Package use uses the pools of another package.
package use

import (
	"bytes"
	"io"
	"sync"

	"bufpool"
	"wire"
)

func result(s string) []byte {
	b := bufpool.Get()
	defer b.Free()
	io.WriteString(b, s)
	return b.Bytes() // want `the returned \[\]byte shares memory with b, which goes back to pool when the function returns: the next user overwrites it`
}

func tail(s string) []byte {
	b := bufpool.Get()
	io.WriteString(b, s)
	out := b.Tail(2)
	bufpool.Put(b)
	return out // want `the returned \[\]byte shares memory with b, which is put back on line [0-9]+: the next user overwrites it`
}

func length(s string) int {
	b := bufpool.Get()
	io.WriteString(b, s)
	b.Free()
	return b.Len() // want `b is used after it was put back on line [0-9]+: another goroutine may own it by then`
}

func twice(w io.Writer) error {
	b := bufpool.Get()
	defer b.Free()
	if _, err := w.Write(b.Bytes()); err != nil {
		b.Free() // want `b may be put back twice, here and by the deferred call on line [0-9]+: two users would then get the same object`
		return err
	}
	return nil
}

var typed bufpool.Typed[bytes.Buffer]

func generic(s string) []byte {
	b := typed.Get()
	defer typed.Put(b)
	b.WriteString(s)
	return b.Bytes() // want `the returned \[\]byte shares memory with b, which goes back to typed\.p when the function returns: the next user overwrites it`
}

func copied(s string) (string, []byte) {
	b := bufpool.Get()
	defer b.Free()
	io.WriteString(b, s)
	return b.String(), bytes.Clone(b.Bytes())
}

func branches(w io.Writer, s string) error {
	b := bufpool.Get()
	if _, err := w.Write(b.Bytes()); err != nil {
		b.Free()
		return err
	}
	io.WriteString(b, s)
	bufpool.Put(b)
	return nil
}

func scoped(s string) []byte {
	b, done := bufpool.Scoped()
	defer done()
	io.WriteString(b, s)
	return b.Bytes()[:b.Len()-1] // want `the returned \[\]byte shares memory with the pooled object, which goes back to pool when the function returns: the next user overwrites it`
}

func scopedUse(s string) int {
	b, done := bufpool.Method()
	io.WriteString(b, s)
	done()
	return b.Len() // want `the pooled object is used after it was put back on line [0-9]+: another goroutine may own it by then`
}

func scopedCopy(s string) ([]byte, func(), string) {
	b, done := bufpool.Scoped()
	io.WriteString(b, s)
	c, free := bufpool.Method()
	defer free()
	return b.Bytes(), done, c.String()
}

func scopedGo(s string) {
	b, done := bufpool.Scoped()
	io.WriteString(b, s)
	go func() {
		defer done()
		println(b.Len())
	}()
}

func lent(s string) (out []byte) {
	bufpool.With(func(b *bufpool.Buffer) error {
		io.WriteString(b, s)
		out = b.Bytes()
		return nil
	})
	return out // want `the returned \[\]byte shares memory with the pooled object, which is put back on line [0-9]+: the next user overwrites it`
}

func mapped(s string) []byte {
	return bufpool.Map(func(b *bufpool.Buffer) []byte { // want `the returned \[\]byte shares memory with the pooled object, which is put back on line [0-9]+: the next user overwrites it`
		io.WriteString(b, s)
		return b.Bytes()
	})
}

func lentCopy(s string) (out string) {
	bufpool.With(func(b *bufpool.Buffer) error {
		io.WriteString(b, s)
		out = b.String()
		return nil
	})
	return out + bufpool.Map(func(b *bufpool.Buffer) string { return b.String() })
}

var msgs = sync.Pool{New: func() any { return new(wire.Msg) }}

func payload(s string) []byte {
	m := msgs.Get().(*wire.Msg)
	m.Reset()
	defer msgs.Put(m)
	m.Append(s)
	return m.Payload() // want `the returned \[\]byte shares memory with m, which goes back to msgs when the function returns: the next user overwrites it`
}

func nameOf(s string) (string, []byte) {
	m := msgs.Get().(*wire.Msg)
	m.Reset()
	defer msgs.Put(m)
	m.Append(s)
	return m.String(), m.Name()
}

func leasedBytes(s string) []byte {
	l := bufpool.Open()
	defer l.Close()
	l.WriteString(s)
	return l.Bytes() // want `the returned \[\]byte shares memory with l, which goes back to the pool when the function returns: the next user overwrites it`
}

func leasedString(s string) (string, error) {
	l := bufpool.Open()
	defer l.Close()
	l.WriteString(s)
	out := l.String()
	return out, l.Close()
}

func cardText() []byte {
	c := bufpool.NewCard()
	defer c.Discard()
	return c.Text() // want `the returned \[\]byte shares memory with c, which goes back to cards when the function returns: the next user overwrites it`
}

func cardTwice(w io.Writer) error {
	c := bufpool.NewCard()
	defer c.Discard()
	if _, err := w.Write(c.Text()); err != nil {
		c.Discard()
		return err
	}
	return nil
}

// What is returned takes the place of what may have been put back.
type chart struct{ rows bufpool.Rows }

func compact(charts []*chart) (n int) {
	for _, c := range charts {
		c.rows = c.rows.Compact()
		n += len(c.rows)
	}
	return n
}

func widest(m map[string]bufpool.Rows) (n int) {
	for _, r := range m {
		for _, v := range r.Compact() {
			n = max(n, v)
		}
	}
	return n
}

func mean(r bufpool.Rows) int {
	n := r.Sum()
	return n / r[0] // want `r is used after it was put back on line \d+`
}
