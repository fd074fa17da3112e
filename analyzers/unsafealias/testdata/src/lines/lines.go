// Package lines has readers of its own, which lend what they read until the next call.
package lines

import (
	"bufio"
	"bytes"
	"unsafe"
)

type records struct {
	src *bufio.Reader
	rec []byte
}

// next returns the next record without its end.
func (r *records) next() ([]byte, bool) {
	r.rec = r.rec[:0]
	for {
		part, err := r.src.ReadSlice(';')
		r.rec = append(r.rec, part...)
		if err == bufio.ErrBufferFull {
			continue
		}
		return bytes.TrimSuffix(r.rec, []byte(";")), err == nil
	}
}

type places map[string]int

func (p places) load(src *bufio.Reader) {
	r := &records{src: src}
	for n := 0; ; n++ {
		rec, ok := r.next()
		if !ok {
			return
		}
		p[unsafe.String(unsafe.SliceData(rec), len(rec))] = n // want `shares memory with rec, which is filled again on line \d+, and is kept in a map`
	}
}

// Looked up before the next one is read, and copied.
func (p places) known(src *bufio.Reader) (n int) {
	r := &records{src: src}
	for {
		rec, ok := r.next()
		if !ok {
			return n
		}
		if _, ok := p[unsafe.String(unsafe.SliceData(rec), len(rec))]; ok {
			n++
		}
	}
}

func (p places) copies(src *bufio.Reader) {
	r := &records{src: src}
	for n := 0; ; n++ {
		rec, ok := r.next()
		if !ok {
			return
		}
		p[string(rec)] = n
	}
}

// One of each reader.
func (p places) heads(list []*bufio.Reader) {
	for n, src := range list {
		r := &records{src: src}
		rec, ok := r.next()
		if ok {
			p[unsafe.String(unsafe.SliceData(rec), len(rec))] = n
		}
	}
}

// The same of readers that are there already, or that a function opens.
func (p places) tops(list []*records, open func(int) (*records, error)) {
	for n, r := range list {
		rec, ok := r.next()
		if ok {
			p[unsafe.String(unsafe.SliceData(rec), len(rec))] = n
		}
	}
	for n := 0; ; n++ {
		r, err := open(n)
		if err != nil {
			return
		}
		rec, _ := r.next()
		p[unsafe.String(unsafe.SliceData(rec), len(rec))] = n
	}
}

type chain struct {
	*records
	after *chain
}

func (p places) along(c *chain) {
	r := c.records
	for c.after != nil {
		rec, _ := r.next()
		p[unsafe.String(unsafe.SliceData(rec), len(rec))] = 1
		c = c.after
		r = c.records
	}
}

// A buffer that is made anew, and one that only grows.
type owned struct {
	src *bufio.Reader
	rec []byte
	all []byte
}

func (o *owned) next() ([]byte, error) {
	o.rec = nil
	part, err := o.src.ReadSlice(';')
	o.rec = append(o.rec, part...)
	return o.rec, err
}

func (o *owned) more() ([]byte, error) {
	from := len(o.all)
	part, err := o.src.ReadSlice(';')
	o.all = append(o.all, part...)
	return o.all[from:], err
}

func (p places) own(src *bufio.Reader) {
	o := &owned{src: src}
	for n := 0; ; n++ {
		rec, err := o.next()
		if err != nil {
			return
		}
		p[unsafe.String(unsafe.SliceData(rec), len(rec))] = n
		rec, err = o.more()
		if err != nil {
			return
		}
		p[unsafe.String(unsafe.SliceData(rec), len(rec))] = n
	}
}

// Begun anew by the append itself.
type escaper struct{ out []byte }

func (e *escaper) escape(s string) []byte {
	e.out = append(e.out[:0], '"')
	e.out = append(e.out, s...)
	return append(e.out, '"')
}

func (e *escaper) quote(s string) []byte {
	e.out = append(e.out[:0], '"')
	e.out = append(e.out, s...)
	return e.out
}

func quoted(list []string) (out []string) {
	var e escaper
	for _, s := range list {
		q := e.quote(s)
		out = append(out, unsafe.String(unsafe.SliceData(q), len(q))) // want `shares memory with q, which is filled again on line \d+, and is kept in a slice`
	}
	return out
}
