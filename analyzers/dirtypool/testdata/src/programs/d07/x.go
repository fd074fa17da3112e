// Package d07: Get in a constructor, Put in Close.
package d07

import "sync"

type Decoder struct {
	src   []byte
	stack []string
	err   error
}

var decoders = sync.Pool{New: func() any { return new(Decoder) }}

func NewDecoder(src []byte) *Decoder {
	d := decoders.Get().(*Decoder)
	d.src = src
	return d
}

func (d *Decoder) Close() {
	d.src = nil
	decoders.Put(d) // want `\*Decoder goes back to decoders with fields stack and err still set, which its next user reads`
}

func (d *Decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

func (d *Decoder) Err() error { return d.err }

func (d *Decoder) Push(s string) { d.stack = append(d.stack, s) }
func (d *Decoder) Depth() int    { return len(d.stack) }
