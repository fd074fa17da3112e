// Package d28: reset only on success path.
package d28

import (
	"bytes"
	"encoding/json"
	"io"
	"sync"
)

var bufs = sync.Pool{New: func() any { return bytes.NewBuffer(make([]byte, 0, 1024)) }}

func Write(w io.Writer, v any) error {
	buf := bufs.Get().(*bytes.Buffer) // want `the \*bytes\.Buffer from bufs may still hold its previous user.s data: it is reset neither after this Get nor on every way to its Put`
	defer bufs.Put(buf)
	if err := json.NewEncoder(buf).Encode(v); err != nil {
		return err
	}
	if _, err := buf.WriteTo(w); err != nil {
		return err
	}
	buf.Reset()
	return nil
}
