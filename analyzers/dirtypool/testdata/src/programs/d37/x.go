// Package d37: callback takes object from With helper in same package.
package d37

import (
	"bytes"
	"fmt"
	"sync"
)

var bufs = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func with(f func(b *bytes.Buffer) error) error {
	b := bufs.Get().(*bytes.Buffer) // want `the \*bytes\.Buffer from bufs may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	defer bufs.Put(b)
	return f(b)
}

func Hex(xs []int) (s string, err error) {
	err = with(func(b *bytes.Buffer) error {
		for _, x := range xs {
			fmt.Fprintf(b, "%x", x)
		}
		s = b.String()
		return nil
	})
	return
}
