package found

import (
	"io"
	"math"
	"sync"
)

// An Order is validated by code out of sight.
type Order struct {
	ID      string
	Coupon  string
	Problem error
	Refs    []string
	next    *Order
}

func (o *Order) Clear() { // want `\(\*Order\).Clear leaves fields Coupon and Problem set: an Order from orders carries them to its next user`
	o.ID = ""
	o.Refs = nil
	o.next = nil
}

var orders = sync.Pool{New: func() any { return new(Order) }}

type validator interface{ Validate(*Order) bool }

func Accept(v validator, form map[string]string, problem error) bool {
	o := orders.Get().(*Order)
	o.ID = form["id"]
	if c, ok := form["coupon"]; ok {
		o.Coupon = c
	}
	if problem != nil {
		o.Problem = problem
	}
	ok := v.Validate(o)
	o.Clear()
	orders.Put(o)
	return ok
}

// A Parcel goes to the callers, who give it back.
type Parcel struct {
	Weight int
	Label  string
}

var parcels = sync.Pool{New: func() any { return new(Parcel) }}

func Pack(weight int, label string) *Parcel {
	p := parcels.Get().(*Parcel) // want `the \*Parcel from parcels may still hold its previous user's field Label`
	p.Weight = weight
	if label != "" {
		p.Label = label
	}
	return p
}

func (p *Parcel) Done() { parcels.Put(p) }

// A printer's indentation only grows.
type printer struct {
	out    []byte
	indent int
}

func (p *printer) reset() { p.out = p.out[:0] } // want `\(\*printer\).reset leaves field indent set`

var printers = sync.Pool{New: func() any { return new(printer) }}

func (p *printer) open(s string) {
	for range p.indent {
		p.out = append(p.out, ' ')
	}
	p.out = append(p.out, s...)
	p.indent += 4
}

func Print(w io.Writer, names []string) {
	p := printers.Get().(*printer)
	for _, n := range names {
		p.open(n)
	}
	w.Write(p.out)
	p.reset()
	printers.Put(p)
}

// A shape is cleared but for its clip.
type shape struct {
	w, h int
	clip *mask
}

type mask struct{ on [64]bool }

func (m *mask) at(i int) bool { return m.on[i] }

var shapes = sync.Pool{New: func() any { return new(shape) }}

func newShape(w, h int) *shape {
	s := shapes.Get().(*shape)
	s.w, s.h = w, h
	return s
}

func (s *shape) recycle() { // want `\(\*shape\).recycle leaves field clip set`
	s.w, s.h = 0, 0
	shapes.Put(s)
}

func (s *shape) fill(dst []byte) {
	for i := 0; i < s.w*s.h; i++ {
		if s.clip == nil || s.clip.at(i) {
			dst[i] = 1
		}
	}
}

func Fill(dst []byte, w, h int, clip *mask) {
	s := newShape(w, h)
	defer s.recycle()
	if clip != nil {
		s.clip = clip
	}
	s.fill(dst)
}

// A Job goes through code out of sight before it fails.
type Job struct {
	Name  string
	Fault error
}

func (j *Job) reset() { j.Name = "" } // want `\(\*Job\).reset leaves field Fault set`

var jobs = sync.Pool{New: func() any { return new(Job) }}

func Do(name string, run func(*Job) error) error {
	j := jobs.Get().(*Job)
	j.Name = name
	if err := run(j); err != nil {
		j.Fault = err
	}
	err := j.Fault
	j.reset()
	jobs.Put(j)
	return err
}

// A census counts on.
type census struct{ byName map[string]int }

var censuses = sync.Pool{New: func() any { return &census{byName: make(map[string]int)} }}

func Census(names []string, say func(string, int)) {
	c := censuses.Get().(*census) // want `may still hold its previous user's field byName`
	for _, n := range names {
		c.byName[n]++
	}
	for n, k := range c.byName {
		say(n, k)
	}
	censuses.Put(c)
}

// A cursor knows the store whose pool it is from.
type cursor struct {
	in      *store
	prefix  string
	reverse bool
}

type store struct{ cursors sync.Pool }

func newStore() *store {
	s := new(store)
	s.cursors.New = func() any { return new(cursor) }
	return s
}

func (s *store) open(prefix string, opts ...func(*cursor)) *cursor {
	c := s.cursors.Get().(*cursor)
	c.in, c.prefix = s, prefix
	for _, o := range opts {
		o(c)
	}
	return c
}

func backwards(c *cursor) { c.reverse = true }

func (c *cursor) next(k string) bool { return c.reverse == (k < c.prefix) }

func (c *cursor) release() { // want `\(\*cursor\).release leaves field reverse set`
	s := c.in
	c.in, c.prefix = nil, ""
	s.cursors.Put(c)
}

func Scan(s *store, keys []string) (n int) {
	c := s.open("a", backwards)
	defer c.release()
	for _, k := range keys {
		if c.next(k) {
			n++
		}
	}
	return n
}

// A visit's privileges are asked for by code out of sight.
type visit struct {
	name  string
	super bool
}

func (v *visit) Reset() { v.name = "" } // want `\(\*visit\).Reset leaves field super set`

func (v *visit) May() bool { return v.super }

var visits = sync.Pool{New: func() any { return new(visit) }}

func Guarded(next func(*visit)) func(string) {
	return func(name string) {
		v := visits.Get().(*visit)
		defer func() {
			v.Reset()
			visits.Put(v)
		}()
		v.name = name
		if name == "root" {
			v.super = true
		}
		next(v)
	}
}

// Extremes begin at the other end.
type extremes struct {
	sum, low, high float64
	in             *board
}

type board struct{ pool sync.Pool }

func (b *board) open() *extremes {
	e, ok := b.pool.Get().(*extremes)
	if !ok {
		e = &extremes{low: math.Inf(1), high: math.Inf(-1)}
	}
	e.in = b
	return e
}

func (e *extremes) add(v float64) {
	e.sum += v
	e.low, e.high = math.Min(e.low, v), math.Max(e.high, v)
}

func (e *extremes) drop() {
	b := e.in
	e.in = nil
	e.low, e.high = math.Inf(1), math.Inf(-1)
	b.pool.Put(e)
}

func (b *board) Mean(vs []float64) float64 {
	e := b.open()
	defer e.drop() // want `\*extremes goes back to board.pool with field sum still set`
	for _, v := range vs {
		e.add(v)
	}
	return e.sum / float64(len(vs))
}
