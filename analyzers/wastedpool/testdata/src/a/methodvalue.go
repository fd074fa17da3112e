package a

import (
	"bytes"
	"io"
	"sync"
)

// Put by way of a method value: nothing is known to be wrong here.

type letters struct{ pool sync.Pool }

func (l *letters) write(w io.Writer, s string) error {
	b, ok := l.pool.Get().(*bytes.Buffer)
	if !ok {
		b = new(bytes.Buffer)
	}
	b.Reset()
	put := l.pool.Put
	defer put(b)
	b.WriteString(s)
	_, err := b.WriteTo(w)
	return err
}
