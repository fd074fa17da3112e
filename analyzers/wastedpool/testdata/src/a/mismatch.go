package a

import (
	"bytes"
	"strings"
	"sync"
)

var unset sync.Pool

func useUnset() *bytes.Buffer {
	return unset.Get().(*bytes.Buffer) // want `Get\(\).\(\*bytes.Buffer\) panics whenever unset is empty: its New is never set, so Get returns nil`
}

func giveUnset(b *bytes.Buffer) { unset.Put(b) }

type codec struct{ bufs sync.Pool }

func (c *codec) encode(s string) string {
	b := c.bufs.Get().(*strings.Builder) // want `Get\(\).\(\*strings.Builder\) panics whenever bufs is empty: its New is never set`
	defer c.bufs.Put(b)
	b.Reset()
	b.WriteString(s)
	return b.String()
}

var byValue = sync.Pool{New: func() any { return bytes.Buffer{} }}

func useByValue() *bytes.Buffer {
	b := byValue.Get().(*bytes.Buffer) // want `New of byValue returns bytes.Buffer but Get asserts \*bytes.Buffer, which panics whenever the pool is empty`
	b.Reset()
	return b
}

func giveByValue(b *bytes.Buffer) { byValue.Put(b) }

type logger struct{ pool *sync.Pool }

func newBuilder() any { return new(strings.Builder) }

func newLogger() *logger { return &logger{pool: &sync.Pool{New: newBuilder}} }

func (l *logger) log(s string) {
	b := l.pool.Get().(*bytes.Buffer) // want `New of pool returns \*strings.Builder but Get asserts \*bytes.Buffer`
	b.WriteString(s)
	l.pool.Put(b)
}

var mixed = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func useMixed() {
	b := mixed.Get().(*bytes.Buffer)
	b.Reset()
	mixed.Put(b)
}

func putOther() {
	b := new(strings.Builder)
	mixed.Put(b) // want `Put of \*strings.Builder into mixed, of which every Get asserts \*bytes.Buffer: the Get that receives it panics`
}

func putCopy() {
	b := mixed.Get().(*bytes.Buffer)
	b.Reset()
	mixed.Put(*b) // want `sync.Pool.Put of bytes.Buffer boxes 40 bytes`
}

func direct() {
	b := mixed.New().(*bytes.Buffer) // want `mixed.New\(\) makes a new object and passes over those in the pool; use Get`
	b.WriteString("x")
	mixed.Put(b)
}

func early(fail bool) {
	var b *bytes.Buffer
	defer mixed.Put(b) // want `typed nil stored in mixed: the next Get returns a nil \*bytes.Buffer instead of calling New; arguments of a deferred call are evaluated at the defer`
	if fail {
		return
	}
	b = mixed.Get().(*bytes.Buffer)
	b.Reset()
}

func drop() { mixed.Put((*bytes.Buffer)(nil)) } // want `typed nil stored in mixed`

func maybe(busy bool) {
	var b *bytes.Buffer
	if busy {
		b = mixed.Get().(*bytes.Buffer)
		b.Reset()
	}
	mixed.Put(b) // want `typed nil stored in mixed: the next Get returns a nil \*bytes.Buffer instead of calling New`
}

func asked(busy bool) {
	var b *bytes.Buffer
	if busy {
		b = mixed.Get().(*bytes.Buffer)
		b.Reset()
	}
	if b != nil {
		mixed.Put(b)
	}
}

var checked = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func checks(busy bool) {
	var b *bytes.Buffer
	if busy {
		b, _ = checked.Get().(*bytes.Buffer)
		if b == nil {
			b = new(bytes.Buffer)
		}
		b.Reset()
	}
	checked.Put(b)
}
