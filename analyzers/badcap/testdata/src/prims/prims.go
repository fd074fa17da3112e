// Package prims reads the numbers of a protocol, and makes nothing of them.
package prims

import (
	"bufio"
	"encoding/binary"
	"errors"
)

var errRange = errors.New("out of range")

func Number(r *bufio.Reader) (uint64, error) { // want Number:`sizes params\[\] results\[0\]`
	return binary.ReadUvarint(r)
}

func Within(r *bufio.Reader, limit uint64) (uint64, error) {
	n, err := binary.ReadUvarint(r)
	if err == nil && n > limit {
		err = errRange
	}
	if err != nil {
		return 0, err
	}
	return n, nil
}
