package codec

import (
	"encoding/binary"
	"sync"
)

// Frame is a wire frame.
type Frame struct {
	Kind    byte
	Payload []byte
	Trace   string
}

var frames = sync.Pool{New: func() any { return &Frame{} }}

// Borrow returns a frame and the function that gives it back.
func Borrow(kind byte) (*Frame, func()) {
	f := frames.Get().(*Frame)
	f.Kind = kind
	return f, func() {
		f.Payload = f.Payload[:0]
		frames.Put(f)
	}
}

func (f *Frame) Encode(dst []byte) []byte {
	dst = append(dst, f.Kind)
	dst = binary.AppendUvarint(dst, uint64(len(f.Payload)))
	dst = append(dst, f.Payload...)
	return append(dst, f.Trace...)
}
