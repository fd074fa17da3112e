// Package c03: constraint with Reset.
package c03

import (
	"bytes"
	"sync"
)

type Resetter interface{ Reset() }

type Pool[T Resetter] struct {
	p sync.Pool
}

func New[T Resetter](mk func() T) *Pool[T] {
	return &Pool[T]{p: sync.Pool{New: func() any { return mk() }}}
}
func (p *Pool[T]) Get() T  { return p.p.Get().(T) }
func (p *Pool[T]) Put(x T) { x.Reset(); p.p.Put(x) }

type msg struct {
	to  string
	ccs []string
	urg bool
}

func (m *msg) Reset() { *m = msg{ccs: m.ccs[:0]} }

var msgs = New(func() *msg { return new(msg) })
var bufs = New(func() *bytes.Buffer { return new(bytes.Buffer) })

func Send(to string, urg bool, cc ...string) string {
	m := msgs.Get()
	defer msgs.Put(m)
	m.to = to
	if urg {
		m.urg = true
	}
	m.ccs = append(m.ccs, cc...)
	b := bufs.Get()
	defer bufs.Put(b)
	b.WriteString(m.to)
	for _, c := range m.ccs {
		b.WriteString(c)
	}
	if m.urg {
		b.WriteByte('!')
	}
	return b.String()
}

// any with optional Reset
type AnyPool struct{ p sync.Pool }

func (p *AnyPool) Put(x any) {
	if r, ok := x.(Resetter); ok {
		r.Reset()
	}
	p.p.Put(x)
}
func (p *AnyPool) Get() any { return p.p.Get() }

var anys = &AnyPool{sync.Pool{New: func() any { return new(msg) }}}

func Send2(to string, cc ...string) int {
	m := anys.Get().(*msg)
	defer anys.Put(m)
	m.ccs = append(m.ccs, cc...)
	return len(m.ccs)
}
