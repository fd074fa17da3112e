package silent

import (
	"bytes"
	"io"
	"math/bits"
	"sync"
)

// An wireEncoder keeps its own buffer, emptied.
type wireEncoder struct {
	writer io.Writer
	err    error
	crc    uint32
}

func (e *wireEncoder) Reset(w io.Writer) {
	e.writer = w
	e.err = nil
	e.crc = 0
}

func (e *wireEncoder) encode(v int) {
	if e.err == nil {
		_, e.err = e.writer.Write([]byte{byte(v)})
		e.crc += uint32(v)
	}
}

var wireEncoders sync.Pool

func marshalWire(v int) ([]byte, error) {
	e, _ := wireEncoders.Get().(*wireEncoder)
	if e == nil {
		e = &wireEncoder{writer: new(bytes.Buffer)}
	}
	b, _ := e.writer.(*bytes.Buffer)
	defer func() {
		b.Reset()
		e.Reset(b)
		wireEncoders.Put(e)
	}()
	e.encode(v)
	if e.err != nil {
		return nil, e.err
	}
	return bytes.Clone(b.Bytes()), nil
}

// A path is emptied by a function that lets go of long ones.
type answer struct {
	host, path []byte
}

func emptied(b []byte) []byte {
	if cap(b) > 4096 {
		return nil
	}
	return b[:0]
}

func (a *answer) reset() {
	a.host = emptied(a.host)
	a.path = emptied(a.path)
}

func (a *answer) origin() (host, path []byte) {
	if len(a.host) == 0 {
		return nil, nil
	}
	return a.host, a.path
}

var answers = sync.Pool{New: func() any { return new(answer) }}

func serve(host, path string, note func(host, path string)) {
	a := answers.Get().(*answer)
	defer func() {
		a.reset()
		answers.Put(a)
	}()
	if host != "" {
		a.host = append(a.host[:0], host...)
		a.path = append(a.path[:0], path...)
	}
	h, _ := a.origin()
	note(string(h), string(a.path))
}

// A server has a pool of its own, and gives all that is in it the same function.
type front struct {
	value func(key string) string
	calls sync.Pool
}

type answering struct {
	value func(key string) string
	path  string
}

func (c *answering) reset() { c.path = "" }

func (c *answering) get(key string) string {
	if c.value != nil {
		return c.value(key)
	}
	return c.path
}

func (f *front) acquire() *answering {
	c, _ := f.calls.Get().(*answering)
	if c == nil {
		c = new(answering)
	}
	if f.value != nil {
		c.value = f.value
	}
	return c
}

func (f *front) serve(path string, h func(*answering)) {
	c := f.acquire()
	c.path = path
	h(c)
	h2 := c.get(path)
	_ = h2
	c.reset()
	f.calls.Put(c)
}

// The state of a generator is nobody's data.
type xorshift struct{ a, b uint64 }

func (x *xorshift) Uint64() uint64 {
	t := x.a
	x.a = x.b
	t ^= t << 23
	t ^= t >> 18
	t ^= x.b ^ x.b>>5
	x.b = t
	return x.a + t
}

var xorshifts = sync.Pool{New: func() any { return &xorshift{1, 2} }}

func Toss() bool {
	x := xorshifts.Get().(*xorshift)
	heads := x.Uint64()&1 == 0
	xorshifts.Put(x)
	return heads
}

type lehmer struct{ state uint64 }

func (l *lehmer) Uint64() uint64 {
	l.state *= 0xda942042e4dd58b5
	l.state ^= bits.RotateLeft64(l.state, 27)
	return l.state
}

var lehmers = sync.Pool{New: func() any { return &lehmer{state: 77} }}

func Roll(sides uint64) uint64 {
	l := lehmers.Get().(*lehmer)
	n := l.Uint64() % sides
	lehmers.Put(l)
	return n
}

type numbers interface{ Uint64() uint64 }

var others = sync.Pool{New: func() any { return &lehmer{state: 99} }}

func Lend(use func(numbers)) uint64 {
	l := others.Get().(*lehmer)
	use(l)
	n := l.Uint64()
	others.Put(l)
	return n
}
