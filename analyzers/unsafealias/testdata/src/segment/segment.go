//go:build unix

// Package segment maps the files of a journal.
package segment

import (
	"bytes"
	"os"
	"syscall"
	"unsafe"
)

// File is a mapped file.
type File struct {
	mem    []byte
	head   []byte
	closed bool
}

func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	mem, err := syscall.Mmap(int(f.Fd()), 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &File{mem: mem, head: bytes.Clone(mem[:8])}, nil
}

// Record returns n bytes at an offset, which are valid until Close.
func (f *File) Record(off, n int) []byte { // want Record:`lends mapped memory`
	if off+n > len(f.mem) {
		return nil
	}
	return f.mem[off : off+n]
}

// Head returns a copy of the beginning.
func (f *File) Head() []byte { return f.head }

func (f *File) Close() error { // want Close:`unmaps`
	if f.closed {
		return nil
	}
	f.closed = true
	return unmap(f.mem)
}

func unmap(b []byte) error { return syscall.Munmap(b) }

// Shared is a mapped file that several have.
type Shared struct {
	mem   []byte
	users int
}

func Share(fd int) (*Shared, error) {
	mem, err := syscall.Mmap(fd, 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &Shared{mem: mem, users: 1}, nil
}

func (s *Shared) Mem() []byte { return s.mem } // want Mem:`lends mapped memory`

// Close unmaps the file when the last one is done with it.
func (s *Shared) Close() {
	s.users--
	if s.users == 0 {
		syscall.Munmap(s.mem)
	}
}

func topic(path string) (string, error) {
	f, err := Open(path) // want `memory that is mapped here is unmapped when the function returns, and is part of the result`
	if err != nil {
		return "", err
	}
	defer f.Close()
	if len(f.mem) < 32 {
		return "", syscall.EINVAL
	}
	return unsafe.String(&f.mem[8], 24), nil
}

func topicCopy(path string) (string, error) {
	f, err := Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return string(f.mem[8:32]), nil
}

// A View is a mapped file, or of one that another has.
type View struct {
	mem []byte
	own bool
}

func view(fd int, own bool) (*View, error) {
	mem, err := syscall.Mmap(fd, 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &View{mem, own}, nil
}

func (v *View) Bytes() []byte { return v.mem } // want Bytes:`lends mapped memory`

func (v *View) Close() error {
	if v.own {
		return syscall.Munmap(v.mem)
	}
	return nil
}

func firstOf(fd int) (byte, error) {
	v, err := view(fd, false)
	if err != nil {
		return 0, err
	}
	b := v.Bytes()
	v.Close()
	return b[0], nil
}
