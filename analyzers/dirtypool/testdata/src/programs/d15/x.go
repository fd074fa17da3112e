// Package d15: bufio reader not reset.
package d15

import (
	"bufio"
	"io"
	"sync"
)

var readers sync.Pool

func First(r io.Reader) (string, error) {
	br, ok := readers.Get().(*bufio.Reader) // want `the \*bufio\.Reader from readers may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	if !ok {
		br = bufio.NewReader(r)
	}
	defer readers.Put(br)
	return br.ReadString('\n')
}
