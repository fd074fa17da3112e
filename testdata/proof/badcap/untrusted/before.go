//go:build ignore

// proof: behaviour untrusted

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
)

var errTooLarge = errors.New("frame is too large")

func frame(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	body := make([]byte, n)
	_, err := io.ReadFull(r, body)
	return body, err
}

func run() string {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	frame(bytes.NewReader([]byte{4, 0, 0, 0, 'x'})) // five bytes of input
	runtime.ReadMemStats(&after)
	if after.TotalAlloc-before.TotalAlloc > 1<<20 {
		return "bad: 5 bytes of input took more than a mebibyte"
	}
	return "ok"
}

func main() { println(run(), errTooLarge) }
