// Package d14: encoder with own buffer never reset.
package d14

import (
	"bytes"
	"encoding/json"
	"sync"
)

type encoder struct {
	buf bytes.Buffer
	enc *json.Encoder
}

var encoders = sync.Pool{New: func() any {
	e := new(encoder)
	e.enc = json.NewEncoder(&e.buf)
	return e
}}

func Marshal(v any) ([]byte, error) {
	e := encoders.Get().(*encoder) // want `the \*encoder from encoders may still hold its previous user.s field buf: it is reset neither after this Get nor before its Put`
	defer encoders.Put(e)
	if err := e.enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.Clone(e.buf.Bytes()), nil
}
