// Package d10: reset in deferred closure, one field left.
package d10

import (
	"fmt"
	"io"
	"sync"
)

type span struct {
	name  string
	attrs []string
	err   error
}

var spans = sync.Pool{New: func() any { return &span{} }}

func Trace(w io.Writer, name string, f func() error) {
	s := spans.Get().(*span)
	defer func() { // want `\*span goes back to spans with field err still set, which its next user reads`
		s.name = ""
		s.attrs = s.attrs[:0]
		spans.Put(s)
	}()
	s.name = name
	if err := f(); err != nil {
		s.err = err
	}
	fmt.Fprintln(w, s.name, s.err)
}
