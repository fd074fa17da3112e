// Package d39: bufio.Writer reset only when it is new.
package d39

import (
	"bufio"
	"fmt"
	"io"
	"sync"
)

var bws = sync.Pool{New: func() any { return bufio.NewWriterSize(io.Discard, 4096) }}

func Dump(w io.Writer, rows []string) error {
	bw := bws.Get().(*bufio.Writer) // want `the \*bufio\.Writer from bws may still hold its previous user.s data: it is reset neither after this Get nor before its Put`
	defer bws.Put(bw)
	for _, r := range rows {
		fmt.Fprintln(bw, r)
	}
	return bw.Flush()
}
