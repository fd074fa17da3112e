// Package c43: reset in deferred closure, helper, interface conversion.
package c43

import (
	"fmt"
	"io"
	"sync"
)

type span struct {
	name  string
	attrs []string
	err   error
	meta  map[string]string
}

func wipe(s *span) {
	s.name, s.err = "", nil
	s.attrs = s.attrs[:0]
	clear(s.meta)
}

var spans = sync.Pool{New: func() any { return &span{meta: map[string]string{}} }}

func Trace(w io.Writer, name string, f func(*span) error) {
	s := spans.Get().(*span)
	defer func() {
		wipe(s)
		spans.Put(s)
	}()
	s.name = name
	s.meta["k"] = name
	if err := f(s); err != nil {
		s.err = err
	}
	s.attrs = append(s.attrs, name)
	fmt.Fprintln(w, s.name, s.err, s.attrs)
	for k := range s.meta {
		fmt.Fprintln(w, k)
	}
}

type finisher interface{ finish() }

func (s *span) finish() {
	wipe(s)
	spans.Put(s)
}

func Begin(name string) *span {
	s := spans.Get().(*span)
	s.name = name
	return s
}

func Use(fs ...finisher) {
	for _, f := range fs {
		f.finish()
	}
}

func (s *span) Add(a string)    { s.attrs = append(s.attrs, a) }
func (s *span) Fail(err error)  { s.err = err }
func (s *span) Err() error      { return s.err }
func (s *span) Attrs() []string { return s.attrs }
