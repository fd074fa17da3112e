package extra

import (
	"bytes"
	"encoding/json"
	"io"
	"sync"
)

type header struct{ ID, Size int }

var headers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func writeHeader(w io.Writer, h header) error {
	b := headers.Get().(*bytes.Buffer)
	b.Reset()
	if err := json.NewEncoder(b).Encode(h); err != nil {
		return err // want `this return drops the \*bytes.Buffer from headers without Put`
	}
	_, err := w.Write(b.Bytes())
	headers.Put(b)
	return err
}
