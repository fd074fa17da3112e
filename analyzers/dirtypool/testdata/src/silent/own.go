package silent

import (
	"bytes"
	"io"
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
