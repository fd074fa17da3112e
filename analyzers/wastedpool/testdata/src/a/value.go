// Package a has pools that waste, one mistake in several shapes.
package a

import "sync"

type point struct{ x, y int }

var (
	slicePool  sync.Pool
	structPool sync.Pool
	stringPool sync.Pool
	arrayPool  sync.Pool
)

func putSlice(b []byte)   { slicePool.Put(b[:0]) } // want `sync.Pool.Put of \[\]byte boxes a 24-byte slice header on the heap on every Put; store \*\[\]byte`
func putStruct(p point)   { structPool.Put(p) }    // want `sync.Pool.Put of point boxes 16 bytes on the heap on every Put; store \*point`
func putString(s string)  { stringPool.Put(s) }    // want `sync.Pool.Put of string boxes a 16-byte string header`
func putArray(a [4]int64) { arrayPool.Put(a) }     // want `sync.Pool.Put of \[4\]int64 boxes 32 bytes`

func deferred(p *sync.Pool) {
	b, _ := p.Get().([]byte)
	defer p.Put(b) // want `sync.Pool.Put of \[\]byte boxes`
	clear(b)
}

// A field, and a release function that takes anything.
type server struct{ scratch sync.Pool }

func (s *server) give(x any) { s.scratch.Put(x) }

func (s *server) handle() {
	b, ok := s.scratch.Get().([]int)
	if !ok {
		b = make([]int, 0, 64)
	}
	s.give(b) // want `give puts into a sync.Pool a \[\]int, which boxes a 24-byte slice header on the heap on every Put; store \*\[\]int`
}

func (s *server) giveTwice(x any) { s.give(x) }

func (s *server) again(p point) { s.giveTwice(p) } // want `giveTwice puts into a sync.Pool a point, which boxes 16 bytes`

// Generic wrappers are reported where the type is chosen.
type Pool[T any] struct{ p sync.Pool } // want Pool:"wastedpool: puts back type param 0"

func NewPool[T any](make func() T) *Pool[T] { // want NewPool:"wastedpool: puts back type param 0"
	return &Pool[T]{p: sync.Pool{New: func() any { return make() }}}
}

func (p *Pool[T]) Get() T  { return p.p.Get().(T) }
func (p *Pool[T]) Put(x T) { p.p.Put(x) } // want Put:"wastedpool: puts back param 1 of any capacity"

var slices = NewPool(func() []byte { return make([]byte, 0, 512) }) // want `the sync.Pool in NewPool holds values of type \[\]byte, which boxes a 24-byte slice header on the heap on every Put; store \*\[\]byte`
var points Pool[point]                                              // want `the sync.Pool in Pool holds values of type point, which boxes 16 bytes`
var pointers = NewPool(func() *point { return new(point) })
var maps Pool[map[string]int]
var marks Pool[struct{}]

type client struct {
	lines Pool[[]string] // want `the sync.Pool in Pool holds values of type \[\]string`
	conns Pool[*point]
}

// One wrapper on top of another, and functions.
type Lists[E any] struct{ inner Pool[*[]E] }

type Rows[E any] struct{ inner Pool[E] } // want Rows:"wastedpool: puts back type param 0"

var ints Rows[int] // want `the sync.Pool in Rows holds values of type int, which boxes 8 bytes`

var refs Rows[*int]

func put[T any](p *sync.Pool, x T) { p.Put(x) }

func puts(b []byte, p *point) {
	put(&slicePool, b) // want `the sync.Pool in put holds values of type \[\]byte`
	put(&structPool, p)
}

func sum(p *Pool[point]) int { // a mention, not a pool
	x := p.Get()
	defer p.Put(x)
	return x.x + x.y
}

// The interface goes back as it came, and the work on the copy is lost.
type state struct {
	seen int
	buf  []byte
}

var states = sync.Pool{New: func() any { return state{buf: make([]byte, 0, 512)} }}

func step(data []byte) int {
	x := states.Get()
	s := x.(state)
	s.buf = append(s.buf[:0], data...)
	s.seen++
	states.Put(x) // want `states holds values of type state: this Put gives back what Get returned, not the copy that was changed; store \*state`
	return s.seen
}
