package use

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"sync"
	"unsafe"

	"bufpool"
	"wire"
)

func label(n int) string {
	s := bufpool.NewSlab()
	s.Mem = strconv.AppendInt(append(s.Mem, '#'), int64(n), 10)
	l := unsafe.String(&s.Mem[0], len(s.Mem))
	bufpool.Drop(s)
	return l // want `the returned string shares memory with s, which is put back on line [0-9]+`
}

func known(n int, labels map[string]bool) bool {
	s := bufpool.NewSlab()
	s.Mem = strconv.AppendInt(append(s.Mem, '#'), int64(n), 10)
	ok := labels[unsafe.String(&s.Mem[0], len(s.Mem))]
	bufpool.Drop(s)
	return ok
}

// The tag is not the slab's own.
func tag(t []byte) []byte {
	s := bufpool.NewSlab()
	s.Tag = t
	out := s.Tag
	bufpool.Drop(s)
	return out
}

func again(parts ...string) func() io.Reader {
	s := bufpool.NewSlab()
	for _, p := range parts {
		s.Mem = append(s.Mem, p...)
	}
	all := s.Mem
	bufpool.Drop(s)
	return func() io.Reader { return bytes.NewReader(all) } // want `the returned func\(\) io.Reader holds memory of s, which is put back on line [0-9]+`
}

func sizes(parts ...string) func() int {
	s := bufpool.NewSlab()
	for _, p := range parts {
		s.Mem = append(s.Mem, p...)
	}
	n := len(s.Mem)
	bufpool.Drop(s)
	return func() int { return n }
}

func once(parts ...string) func() string {
	s := bufpool.NewSlab()
	for _, p := range parts {
		s.Mem = append(s.Mem, p...)
	}
	all := bytes.Clone(s.Mem)
	bufpool.Drop(s)
	return func() string { return string(all) }
}

// What is returned gives the slab back itself.
func lease(text string) (get func() []byte, done func()) {
	s := bufpool.NewSlab()
	s.Mem = append(s.Mem, text...)
	return func() []byte { return s.Mem }, func() { bufpool.Drop(s) }
}

func first(r io.Reader) (string, error) {
	s := bufpool.NewSlab()
	defer bufpool.Drop(s)
	mem := s.Mem[:16]
	if _, err := io.ReadFull(r, mem); err != nil {
		return "", err
	}
	return bufpool.AsString(mem), nil // want `the returned string shares memory with s, which goes back to slabs when the function returns`
}

func second(r io.Reader) (string, error) {
	s := bufpool.NewSlab()
	defer bufpool.Drop(s)
	mem := s.Mem[:16]
	if _, err := io.ReadFull(r, mem); err != nil {
		return "", err
	}
	return wire.Same(8, mem[8:]), nil // want `the returned string shares memory with s, which goes back to slabs when the function returns`
}

func third(r io.Reader, want string) (string, bool) {
	s := bufpool.NewSlab()
	defer bufpool.Drop(s)
	mem := s.Mem[:16]
	if _, err := io.ReadFull(r, mem); err != nil {
		return "", false
	}
	return bufpool.Text(mem), strings.HasPrefix(wire.Alias(mem), want)
}

func early(w io.Writer, text string) error {
	s := bufpool.NewSlab()
	drop := s.Release
	defer drop()
	s.Mem = append(s.Mem, text...)
	if _, err := w.Write(s.Mem); err != nil {
		drop() // want `the pooled object may be put back twice, here and by the deferred call on line [0-9]+`
		return err
	}
	return nil
}

func guarded(w io.Writer, text string) error {
	s := bufpool.NewSlab()
	drop := sync.OnceFunc(s.Release)
	defer drop()
	s.Mem = append(s.Mem, text...)
	if _, err := w.Write(s.Mem); err != nil {
		drop()
		return err
	}
	return nil
}

func either(w io.Writer, text string) error {
	s := bufpool.NewSlab()
	drop := s.Release
	s.Mem = append(s.Mem, text...)
	if _, err := w.Write(s.Mem); err != nil {
		drop()
		return err
	}
	drop()
	return nil
}
