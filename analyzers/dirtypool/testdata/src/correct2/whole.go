package correct2

import (
	"sync"
	"unsafe"
)

// A struct within the object is assigned as a whole: what the literal does not
// name is zero, what it copies from itself stays.
type stats20 struct{ total, waits int }

type opts20 struct{ limit, retained int }

type inner20 struct {
	data  []byte
	opts  opts20
	index *opts20
	size  int
	count int
	busy  bool
	stats stats20
	db    *db20
}

type batch20 struct {
	inner20
	closed bool
}

type db20 struct{ total int }

type indexed20 struct {
	batch batch20
	index opts20
}

var pool20 = sync.Pool{New: func() any { return new(batch20) }}

var indexedPool20 = sync.Pool{New: func() any { return new(indexed20) }}

func new20(db *db20) *batch20 {
	b := pool20.Get().(*batch20)
	b.db = db
	b.opts.fill()
	return b
}

func (o *opts20) fill() {
	if o.limit == 0 {
		o.limit = 10
	}
	if o.retained == 0 {
		o.retained = 1 << 10
	}
}

func (b *batch20) reset() {
	b.inner20 = inner20{
		data:  b.data,
		opts:  b.opts,
		index: b.index,
		db:    b.db,
	}
	b.closed = false
	if b.data != nil {
		if cap(b.data) > b.opts.retained {
			b.data = nil
		} else {
			b.data = b.data[:0]
		}
	}
}

func (b *batch20) release() {
	if b.db == nil {
		return
	}
	b.db = nil
	b.reset()
	if b.index == nil {
		pool20.Put(b)
	} else {
		b.index = nil
		indexedPool20.Put((*indexed20)(unsafe.Pointer(b)))
	}
}

func (b *batch20) Close() error {
	b.release()
	return nil
}

func (b *batch20) Add(k string) {
	if b.busy {
		panic("busy")
	}
	b.count++
	b.size += len(k)
	b.data = append(b.data, k...)
	b.stats.total += len(k)
}

func (d *db20) Apply(b *batch20) error {
	if b.busy {
		panic("busy")
	}
	b.busy = true
	if b.size == 0 {
		b.count = 0
	}
	b.stats.waits = b.count
	d.total += b.size + b.stats.total
	return nil
}

func (d *db20) Set(k string) error {
	b := new20(d)
	b.Add(k)
	if err := d.Apply(b); err != nil {
		return err
	}
	return b.Close()
}

// The same through a pointer, a variable, a function, a method of the part, and
// at two depths.
type hdr21 struct {
	token string
	flags flags21
}

type flags21 struct{ trace, debug bool }

type req21 struct {
	id  int
	hdr hdr21
}

func (r *req21) serve(set bool, token string) string {
	if set {
		r.hdr.token = token
		r.hdr.flags.trace = true
	}
	if r.hdr.flags.trace {
		return "trace " + r.hdr.token
	}
	return r.hdr.token
}

var pool21 = sync.Pool{New: func() any { return new(req21) }}

func Variable21(set bool, token string) string {
	r := pool21.Get().(*req21)
	defer pool21.Put(r)
	defer func() {
		var none hdr21
		r.id = 0
		r.hdr = none
	}()
	return r.serve(set, token)
}

func noHdr21() hdr21 { return hdr21{} }

var pool22 = sync.Pool{New: func() any { return new(req21) }}

func Function21(set bool, token string) string {
	r := pool22.Get().(*req21)
	s := r.serve(set, token)
	r.id = 0
	r.hdr = noHdr21()
	pool22.Put(r)
	return s
}

var pool23 = sync.Pool{New: func() any { return new(req21) }}

func Pointer21(set bool, token string) string {
	r := pool23.Get().(*req21)
	h := &r.hdr
	s := r.serve(set, token)
	r.id = 0
	*h = hdr21{}
	pool23.Put(r)
	return s
}

var pool24 = sync.Pool{New: func() any { return new(req21) }}

func (h *hdr21) wipe() { *h = hdr21{} }

func Method21(set bool, token string) string {
	r := pool24.Get().(*req21)
	s := r.serve(set, token)
	r.id = 0
	r.hdr.wipe()
	pool24.Put(r)
	return s
}

var pool25 = sync.Pool{New: func() any { return new(req21) }}

func (r *req21) clean() {
	if r.id == 0 {
		return
	}
	r.id = 0
	r.hdr.token, r.hdr.flags = "", flags21{}
}

func Parts21(set bool, token string) string {
	r := pool25.Get().(*req21)
	r.id = 1
	s := r.serve(set, token)
	r.clean()
	pool25.Put(r)
	return s
}

var (
	pool26   = sync.Pool{New: func() any { return new(req21) }}
	empty21  req21
	headed21 = map[string]hdr21{"": {}}
)

func Copy21(set bool, token string) string {
	r := pool26.Get().(*req21)
	s := r.serve(set, token)
	r.id = 0
	r.hdr = empty21.hdr
	pool26.Put(r)
	return s
}

var pool27 = sync.Pool{New: func() any { return new(req21) }}

func Lookup21(set bool, token string) string {
	r := pool27.Get().(*req21)
	s := r.serve(set, token)
	r.id = 0
	r.hdr = headed21[""]
	pool27.Put(r)
	return s
}

var pool28 = sync.Pool{New: func() any { return new(req21) }}

// The address of the part is known to the closure that clears it.
func Closure21(set bool, token string) string {
	r := pool28.Get().(*req21)
	h := &r.hdr
	wipe := func() { h.wipe() }
	s := r.serve(set, token)
	r.id = 0
	wipe()
	pool28.Put(r)
	return s
}

var pool29 = sync.Pool{New: func() any { return new(req21) }}

func Unsafe21(set bool, token string) string {
	r := pool29.Get().(*req21)
	s := r.serve(set, token)
	r.id = 0
	clear(unsafe.Slice((*byte)(unsafe.Pointer(r)), unsafe.Sizeof(*r)))
	pool29.Put(r)
	return s
}

type many30 struct {
	n    int
	reqs [4]hdr21
	list []hdr21
}

var pool30 = sync.Pool{New: func() any { return new(many30) }}

func Range30(set bool, token string) string {
	m := pool30.Get().(*many30)
	defer pool30.Put(m)
	if set {
		m.reqs[0].token = token
		m.list = append(m.list, hdr21{token: token})
	}
	s := m.reqs[0].token
	for _, h := range m.list {
		s += h.token
	}
	for i := range m.reqs {
		m.reqs[i] = hdr21{}
	}
	clear(m.list)
	m.list = m.list[:0]
	m.n = 0
	return s
}

type reader31 struct{ h *hdr21 }

func (r *reader31) done() { r.h.wipe() }

var pool31 = sync.Pool{New: func() any { return new(req21) }}

// Another object knows the part, and clears it.
func Known31(set bool, token string) string {
	r := pool31.Get().(*req21)
	rd := &reader31{h: &r.hdr}
	s := r.serve(set, token)
	r.id = 0
	rd.done()
	pool31.Put(r)
	return s
}

func Peek31() (string, bool) {
	r := pool31.Get().(*req21)
	defer pool31.Put(r)
	return r.hdr.token, r.hdr.flags.trace
}
