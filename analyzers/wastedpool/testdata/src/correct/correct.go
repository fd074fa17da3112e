// Package correct has pools that look like mistakes and are none.
package correct

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
)

// What is put back is what Get returned, or shaped like a pointer.

var buffers = sync.Pool{New: func() any { return make([]byte, 32<<10) }}

func copyAll(w io.Writer, r io.Reader) (int64, error) {
	v := buffers.Get()
	defer buffers.Put(v)
	return io.CopyBuffer(w, r, v.([]byte))
}

type handle struct{ p *int }

func shapes(p *sync.Pool, m map[string]int, ch chan int, f func(), h handle, e struct{}, a any, r io.Reader) {
	p.Put(m)
	p.Put(ch)
	p.Put(f)
	p.Put(h)
	p.Put(e)
	p.Put(a)
	p.Put(r)
}

type Typed[T any] struct{ pool sync.Pool }

func (t *Typed[T]) Get() *T  { return t.pool.Get().(*T) }
func (t *Typed[T]) Put(x *T) { t.pool.Put(x) }

var typed = &Typed[[]byte]{pool: sync.Pool{New: func() any { return new([]byte) }}}

// A scratch buffer in a struct that is only read.
type scratch struct{ buf []byte }

var scratches = sync.Pool{New: func() any { return scratch{make([]byte, 64)} }}

func readScratch(r io.Reader) byte {
	x := scratches.Get()
	s := x.(scratch)
	io.ReadFull(r, s.buf)
	b := s.buf[0]
	scratches.Put(x)
	return b
}

// Addresses of variables that hold new objects.

var headers = sync.Pool{New: func() any {
	b := make([]byte, 0, 1024)
	return &b
}}

func fill(n int) {
	for range n {
		b := make([]byte, 0, 1024)
		headers.Put(&b)
	}
}

func acquire(n int) *[]byte {
	if bp, ok := headers.Get().(*[]byte); ok && cap(*bp) >= n {
		*bp = (*bp)[:n]
		return bp
	}
	b := make([]byte, n)
	return &b
}

func miss(n int) int {
	bp, _ := optional.Get().(*[]byte)
	if bp == nil {
		b := make([]byte, n)
		defer optional.Put(&b)
		return len(b)
	}
	defer optional.Put(bp)
	return len(*bp)
}

var optional sync.Pool

func release(bp *[]byte) { headers.Put(bp) }

// A struct by value on its way in, put back by the pointer it came with.
type conn struct {
	net.Conn
	n int
}

var shells = sync.Pool{New: func() any { return new(conn) }}

func wrap(c net.Conn) *conn {
	s := shells.Get().(*conn)
	s.Conn = c
	return s
}

func (c *conn) unwrap() {
	c.Conn, c.n = nil, 0
	shells.Put(c)
}

// Pools that live long, or that others share.

func parallel(names []string) {
	pool := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() {
			b := pool.Get().(*bytes.Buffer)
			defer pool.Put(b)
			b.Reset()
			b.WriteString(name)
		})
	}
	wg.Wait()
}

func loop(names []string) (n int) {
	pool := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	var rest []*bytes.Buffer
	for _, name := range names {
		b := pool.Get().(*bytes.Buffer)
		b.Reset()
		b.WriteString(name)
		if n += b.Len(); n > 100 {
			rest = append(rest, b)
			continue
		}
		pool.Put(b)
	}
	return n + len(rest)
}

func middleware(next http.Handler) http.Handler {
	pool := sync.Pool{New: func() any { return bufio.NewWriter(io.Discard) }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bw := pool.Get().(*bufio.Writer)
		bw.Reset(w)
		defer pool.Put(bw)
		next.ServeHTTP(w, r)
	})
}

func handed(use func(*sync.Pool)) {
	pool := &sync.Pool{New: func() any { return new(bytes.Buffer) }}
	b := pool.Get().(*bytes.Buffer)
	pool.Put(b)
	use(pool)
}

// New that is set later, is not needed, or is not known.

var later sync.Pool

func init() { later.New = func() any { return new(bytes.Buffer) } }

func useLater() {
	b := later.Get().(*bytes.Buffer)
	b.Reset()
	later.Put(b)
}

type service struct {
	pool  sync.Pool
	other *sync.Pool
}

func newService(p *sync.Pool) *service {
	s := &service{other: p}
	s.pool.New = func() any { return new(strings.Builder) }
	return s
}

func (s *service) run() {
	b := s.pool.Get().(*strings.Builder)
	b.Reset()
	s.pool.Put(b)
	o := s.other.Get().(*bytes.Buffer)
	o.Reset()
	s.other.Put(o)
}

func tested() *bytes.Buffer {
	if v := optional2.Get(); v != nil {
		return v.(*bytes.Buffer)
	}
	return new(bytes.Buffer)
}

func untested(b *bytes.Buffer) { optional2.Put(b) }

var optional2 sync.Pool

var Shared sync.Pool // others set its New

func shared() { Shared.Put(Shared.Get().(*bytes.Buffer)) }

// Several types, told apart.
var zoo = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func visit() {
	switch x := zoo.Get().(type) {
	case *bytes.Buffer:
		x.Reset()
	case *strings.Builder:
		x.Reset()
	}
	zoo.Put(new(strings.Builder))
}

type anyPool struct{ sync.Pool }

var bufs, readers anyPool

func both() {
	b, _ := bufs.Get().(*bytes.Buffer)
	r := readers.Get().(*strings.Reader)
	bufs.Put(b)
	readers.Put(r)
}

func init() {
	bufs.New = func() any { return new(bytes.Buffer) }
	readers.New = func() any { return new(strings.Reader) }
}

var asInterface = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func throughInterface() {
	w := asInterface.Get().(io.Writer)
	w.Write(nil)
	asInterface.Put(w)
}

// New called to fill the pool, or for what was too small.
func fillNew() {
	for range 8 {
		asInterface.Put(asInterface.New())
	}
}

func grown(n int) *bytes.Buffer {
	b := asInterface.Get().(*bytes.Buffer)
	if b.Cap() < n {
		b = asInterface.New().(*bytes.Buffer)
		b.Grow(n)
	}
	return b
}

// Pools that others put things into.

var lists [4]sync.Pool

func take(i int) *[]byte {
	p := &lists[i]
	if v, ok := p.Get().(*[]byte); ok {
		return v
	}
	return new([]byte)
}

func give(b *[]byte) {
	for i := range lists {
		if cap(*b) <= 64<<i {
			lists[i].Put(b)
			return
		}
	}
}

var small, large sync.Pool

func takeOf(n int) *bytes.Buffer {
	p := &small
	if n > 1024 {
		p = &large
	}
	b, _ := p.Get().(*bytes.Buffer)
	return b
}

func giveOf(n int, b *bytes.Buffer) {
	p := &small
	if n > 1024 {
		p = &large
	}
	p.Put(b)
}

type giver interface{ Put(any) }

var lent sync.Pool

func lend() (*bytes.Buffer, giver) {
	b, _ := lent.Get().(*bytes.Buffer)
	return b, &lent
}

var returned sync.Pool

func borrow() (b *bytes.Buffer, done func(any)) {
	b, _ = returned.Get().(*bytes.Buffer)
	return b, returned.Put
}

// Loops that are left, that run the Put at once, or that collect.

func find(names []string) bool {
	for _, name := range names {
		if name == "" {
			continue
		}
		b := asInterface.Get().(*bytes.Buffer)
		defer asInterface.Put(b)
		b.Reset()
		b.WriteString(name)
		return b.Len() > 3
	}
	return false
}

func lazily(names []string) (n int) {
	var b *bytes.Buffer
	for _, name := range names {
		if b == nil {
			b = asInterface.Get().(*bytes.Buffer)
			defer asInterface.Put(b) // want `\*bytes.Buffer is put back into asInterface whatever its capacity`
			b.Reset()
		}
		b.WriteString(name)
	}
	return n
}

func each(names []string) {
	for _, name := range names {
		func() {
			b := asInterface.Get().(*bytes.Buffer)
			defer asInterface.Put(b)
			b.Reset()
			b.WriteString(name)
		}()
	}
}

// Writers and readers that need no Close.

var zips = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}

func compress(w io.Writer, data []byte) error {
	z := zips.Get().(*gzip.Writer)
	defer zips.Put(z)
	z.Reset(w)
	if _, err := z.Write(data); err != nil {
		return err
	}
	return z.Close()
}

type job struct {
	out *os.File
	buf []byte
}

var jobs = sync.Pool{New: func() any { return &job{buf: make([]byte, 0, 512)} }}

func runJob(name string) error {
	j := jobs.Get().(*job)
	defer func() { j.out = nil; jobs.Put(j) }()
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	j.out = f
	_, err = j.out.Write(j.buf)
	return err
}

// A finding that staticcheck's name silences.
func silenced(p *sync.Pool, b []byte) {
	p.Put(b) //lint:ignore SA6002 the header is small
}
