//go:build unix

package a

import (
	"bytes"
	"errors"
	"os"
	"syscall"
)

// mapped memory

func mapped(f *os.File, n int) (sum int, err error) {
	b, err := syscall.Mmap(int(f.Fd()), 0, n, syscall.PROT_READ, syscall.MAP_SHARED) // want `b is not unmapped on the path that returns at line .*: the memory stays mapped for as long as the process lives; defer syscall.Munmap\(b\)`
	if err != nil {
		return 0, err
	}
	if b[0] == 0 {
		return 0, errors.New("empty")
	}
	for _, c := range b {
		sum += int(c)
	}
	return sum, syscall.Munmap(b)
}

func mappedRight(f *os.File, n int) (sum int, err error) {
	b, err := syscall.Mmap(int(f.Fd()), 0, n, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return 0, err
	}
	defer syscall.Munmap(b)
	if b[0] == 0 {
		return 0, errors.New("empty")
	}
	return bytes.Count(b, []byte("\n")), nil
}

type region struct{ data []byte }

func newRegion(path string, n int) (*region, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := syscall.Mmap(int(f.Fd()), 0, n, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &region{b}, nil
}

func (r *region) Close() error { return syscall.Munmap(r.data) }

// A region in an object that is collected with others.

type sheet struct{ data []byte }

func openSheet(fd int, done func()) (*sheet, error) {
	defer done()
	data, err := syscall.Mmap(fd, 0, 4096, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &sheet{data}, nil
}

func (r *sheet) Close() error { return syscall.Munmap(r.data) }

func (r *sheet) bytes() []byte { return r.data }

func openSheets(fds []int, done func()) (rs []*sheet, all [][]byte, err error) {
	for _, fd := range fds {
		r, err := openSheet(fd, done)
		if err != nil {
			return nil, nil, err
		}
		rs = append(rs, r)
		all = append(all, r.bytes())
	}
	return rs, all, nil
}

func sumSheet(fd int, done func()) (n int, err error) {
	r, err := openSheet(fd, done) // want `r is never unmapped`
	if err != nil {
		return 0, err
	}
	for _, c := range r.bytes() {
		n += int(c)
	}
	return n, nil
}
