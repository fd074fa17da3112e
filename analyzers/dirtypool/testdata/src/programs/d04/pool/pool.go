package pool

import (
	"bytes"
	"sync"
)

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func Take() *bytes.Buffer  { return bufs.Get().(*bytes.Buffer) }
func Give(b *bytes.Buffer) { bufs.Put(b) }
