//go:build unix

// Package replay reads journals.
package replay

import (
	"bytes"
	"encoding/binary"
	"segment"
	"strings"
	"unsafe"
)

func first(path string) ([]byte, error) {
	f, err := segment.Open(path) // want `memory that is mapped here is unmapped when the function returns, and is part of the result`
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Record(0, 64), nil
}

type entry struct {
	key   string
	value []byte
}

func entries(path string) (list []entry, err error) {
	f, err := segment.Open(path) // want `memory that is mapped here is unmapped when the function returns, and is kept in a slice`
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for off := 0; ; off += 64 {
		rec := f.Record(off, 64)
		if rec == nil {
			return list, nil
		}
		key, value, _ := bytes.Cut(rec, []byte("="))
		list = append(list, entry{string(key), value})
	}
}

func count(path string) (int, error) {
	f, err := segment.Open(path) // want `memory that is mapped here is unmapped on line 50, and is used after that`
	if err != nil {
		return 0, err
	}
	rec := f.Record(0, 8)
	if err := f.Close(); err != nil {
		return 0, err
	}
	return int(binary.LittleEndian.Uint64(rec)), nil
}

func firstCopy(path string) ([]byte, error) {
	f, err := segment.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return bytes.Clone(f.Record(0, 64)), nil
}

func head(path string) ([]byte, error) {
	f, err := segment.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Head(), nil
}

func total(path string) (n uint64, err error) {
	f, err := segment.Open(path)
	if err != nil {
		return 0, err
	}
	rec := f.Record(0, 8)
	n = binary.LittleEndian.Uint64(rec)
	return n, f.Close()
}

func name(path string) (string, error) {
	f, err := segment.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	rec := f.Record(0, 64)
	return strings.Clone(unsafe.String(unsafe.SliceData(rec), len(rec))), nil
}

// Who else has it keeps it mapped.
func shared(fd int) ([]byte, error) {
	s, err := segment.Share(fd)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return s.Mem()[:8], nil
}

// Whoever gets the file closes it.
func open(path string) (*segment.File, []byte, error) {
	f, err := segment.Open(path)
	if err != nil {
		return nil, nil, err
	}
	rec := f.Record(0, 64)
	if rec == nil {
		f.Close()
		return nil, nil, nil
	}
	return f, rec, nil
}
