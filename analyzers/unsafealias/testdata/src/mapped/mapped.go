//go:build unix

package mapped

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"syscall"
	"unsafe"
)

const prot, flags = syscall.PROT_READ, syscall.MAP_SHARED

func name(fd int) (string, error) {
	data, err := syscall.Mmap(fd, 0, 4096, prot, flags) // want `memory that is mapped here is unmapped when the function returns, and is part of the result`
	if err != nil {
		return "", err
	}
	defer func() {
		syscall.Munmap(data)
	}()
	return unsafe.String(&data[4], 8), nil
}

type header struct{ magic, size uint32 }

type index struct {
	data    []byte
	headers []header
}

func (x *index) load(fd int) error {
	data, err := syscall.Mmap(fd, 0, 4096, prot, flags) // want `memory that is mapped here is unmapped when the function returns, and is kept in a field`
	if err != nil {
		return err
	}
	defer syscall.Munmap(data)
	x.headers = unsafe.Slice((*header)(unsafe.Pointer(&data[0])), 16)
	return nil
}

func sum(fd int) (n int) {
	data, err := syscall.Mmap(fd, 0, 4096, prot, flags) // want `memory that is mapped here is unmapped on line 51, and is used after that`
	if err != nil {
		return 0
	}
	first := data[:8]
	n = int(first[0])
	syscall.Munmap(data)
	return n + int(first[1])
}

func keep(fd int, x *index) error {
	data, err := syscall.Mmap(fd, 0, 4096, prot, flags)
	if err != nil {
		return err
	}
	if data[0] != 'x' {
		syscall.Munmap(data)
		return syscall.EINVAL
	}
	x.data = data
	return nil
}

func (x *index) close() error { return syscall.Munmap(x.data) }

func copied(fd int) (string, []byte, error) {
	data, err := syscall.Mmap(fd, 0, 4096, prot, flags)
	if err != nil {
		return "", nil, err
	}
	defer syscall.Munmap(data)
	return string(data[:16]), bytes.Clone(data), nil
}

func count(fd int) (n int, err error) {
	data, err := syscall.Mmap(fd, 0, 4096, prot, flags)
	if err != nil {
		return 0, err
	}
	n = bytes.Count(data, []byte("x"))
	return n, syscall.Munmap(data)
}

// The function that maps is another one, and so is that which unmaps.

func open(fd int) ([]byte, error) {
	if fd < 0 {
		return nil, syscall.EBADF
	}
	return syscall.Mmap(fd, 0, 4096, prot, flags)
}

func unmap(b []byte) error { return syscall.Munmap(b) }

func title(fd int) (string, error) {
	data, err := open(fd) // want `memory that is mapped here is unmapped when the function returns, and is part of the result`
	if err != nil {
		return "", err
	}
	defer unmap(data)
	line, _, _ := strings.Cut(unsafe.String(&data[0], len(data)), "\n")
	return strings.TrimSpace(line), nil
}

func words(fd int) (list []string, err error) {
	data, err := open(fd) // want `memory that is mapped here is unmapped when the function returns, and is kept in a slice`
	if err != nil {
		return nil, err
	}
	defer unmap(data)
	for word := range strings.FieldsSeq(unsafe.String(&data[0], len(data))) {
		list = append(list, word)
	}
	return list, nil
}

var version = regexp.MustCompile(`v[0-9]+`)

func (x *index) find(fd int) error {
	data, err := open(fd) // want `memory that is mapped here is unmapped when the function returns, and is kept in a field`
	if err != nil {
		return err
	}
	defer unmap(data)
	x.data = version.Find(data)
	return nil
}

func titleCopy(fd int) (string, error) {
	data, err := open(fd)
	if err != nil {
		return "", err
	}
	defer unmap(data)
	line, _, found := strings.Cut(unsafe.String(&data[0], len(data)), "\n")
	if !found {
		return "", syscall.EINVAL
	}
	return strings.Clone(line), nil
}

func longest(fd int) (n int, err error) {
	data, err := open(fd)
	if err != nil {
		return 0, err
	}
	defer unmap(data)
	for line := range bytes.Lines(data) {
		n = max(n, len(line))
	}
	return n, nil
}

// A deferred call has results go by way of a variable.

func checked(fd int, done func()) (*index, error) {
	defer done()
	data, err := open(fd)
	if err != nil {
		return nil, err
	}
	if data[0] == 0 {
		return nil, errors.Join(syscall.EINVAL, syscall.Munmap(data))
	}
	return &index{data: data}, nil
}

func unchecked(fd int, done func()) (*index, error) {
	defer done()
	data, err := open(fd) // want `memory that is mapped here is unmapped on line \d+, and is used after that`
	if err != nil {
		return nil, err
	}
	x := &index{data: data}
	if data[0] == 0 {
		syscall.Munmap(data)
		return x, syscall.EINVAL
	}
	return x, nil
}

// What a function of the package cuts off is mapped as well.

type volume struct{ data []byte }

func openVolume(fd int) (*volume, error) {
	data, err := syscall.Mmap(fd, 0, 4096, prot, flags)
	if err != nil {
		return nil, err
	}
	return &volume{data}, nil
}

func (v *volume) bytes() []byte { return v.data }

func (v *volume) close() error {
	if v.data == nil {
		return nil
	}
	data := v.data
	v.data = nil
	return syscall.Munmap(data)
}

func record(b []byte) (field, rest []byte, err error) {
	if len(b) == 0 || len(b) <= int(b[0]) {
		return nil, nil, syscall.EINVAL
	}
	return b[1 : 1+b[0]], b[1+b[0]:], nil
}

func titles(fd int) (list []string, err error) {
	v, err := openVolume(fd) // want `memory that is mapped here is unmapped when the function returns, and is kept in a slice`
	if err != nil {
		return nil, err
	}
	defer v.close()
	var all []string
	for b := v.bytes(); len(b) > 0; {
		field, rest, err := record(b)
		if err != nil {
			return nil, err
		}
		if len(field) > 0 {
			all = append(all, unsafe.String(&field[0], len(field)))
		}
		b = rest
	}
	return all, nil
}

func firstTitle(fd int) (string, error) {
	v, err := openVolume(fd)
	if err != nil {
		return "", err
	}
	defer v.close()
	field, _, err := record(v.bytes())
	if err != nil || len(field) == 0 {
		return "", err
	}
	return strings.Clone(unsafe.String(&field[0], len(field))), nil
}

func longestTitle(fd int) (n int, err error) {
	v, err := openVolume(fd)
	if err != nil {
		return 0, err
	}
	defer v.close()
	var all []string
	for b := v.bytes(); len(b) > 0; {
		field, rest, err := record(b)
		if err != nil {
			return 0, err
		}
		if len(field) > 0 {
			all = append(all, unsafe.String(&field[0], len(field)))
		}
		b = rest
	}
	for _, title := range all {
		n = max(n, len(title))
	}
	return n, nil
}
