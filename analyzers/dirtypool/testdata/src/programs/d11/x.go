// Package d11: *[]byte.
package d11

import (
	"io"
	"strconv"
	"sync"
)

var scratch = sync.Pool{New: func() any {
	b := make([]byte, 0, 256)
	return &b
}}

func WriteInts(w io.Writer, xs []int) error {
	bp := scratch.Get().(*[]byte) // want `the \*\[\]byte from scratch may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	defer scratch.Put(bp)
	for _, x := range xs {
		*bp = strconv.AppendInt(*bp, int64(x), 10)
		*bp = append(*bp, ' ')
	}
	_, err := w.Write(*bp)
	return err
}
