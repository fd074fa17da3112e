// Package c07: ctor + Close with full reset; stats kept on purpose.
package c07

import "sync"

type Decoder struct {
	src   []byte
	stack []string
	err   error
	cache map[string]int // kept across uses
	total int            // all bytes ever decoded, kept for stats
}

var decoders = sync.Pool{New: func() any { return &Decoder{cache: make(map[string]int)} }}

func NewDecoder(src []byte) *Decoder {
	d := decoders.Get().(*Decoder)
	d.src = src
	d.err = nil
	return d
}

func (d *Decoder) Close() {
	d.src = nil
	clear(d.stack)
	d.stack = d.stack[:0]
	decoders.Put(d)
}

func (d *Decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

func (d *Decoder) Err() error    { return d.err }
func (d *Decoder) Push(s string) { d.stack = append(d.stack, s); d.total += len(s) }
func (d *Decoder) Depth() int    { return len(d.stack) }
func (d *Decoder) Total() int    { return d.total }
func (d *Decoder) Key(s string) int {
	if n, ok := d.cache[s]; ok {
		return n
	}
	n := len(d.cache)
	d.cache[s] = n
	return n
}
