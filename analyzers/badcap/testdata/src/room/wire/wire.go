// Package wire reads numbers and makes room.
package wire

import (
	"bufio"
	"encoding/binary"
)

type Reader struct{ r *bufio.Reader }

func (r *Reader) Length() (int, error) { // want Length:`sizes params\[\] results\[0\]`
	n, err := binary.ReadUvarint(r.r)
	return int(n), err
}

func (r *Reader) Limited(limit int) (int, error) {
	n, err := binary.ReadUvarint(r.r)
	if err != nil || n > uint64(limit) {
		return 0, bufio.ErrBufferFull
	}
	return int(n), nil
}

func (r *Reader) Kind() (uint16, error) {
	n, err := binary.ReadUvarint(r.r)
	return uint16(n), err
}

func Buffer(n int) []byte { // want Buffer:`sizes params\[0\] results\[\]`
	return make([]byte, n)
}

func Queue[T any](name string, size int) chan T { // want Queue:`sizes params\[1\] results\[\]`
	return make(chan T, size)
}

func Safe(n int) []byte {
	if n < 0 || n > 1<<20 {
		return nil
	}
	return make([]byte, n)
}
