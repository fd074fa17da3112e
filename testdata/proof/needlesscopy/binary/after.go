//go:build ignore

// proof: allocs

package main

import (
	"bufio"
	"encoding/binary"
	"io"
)

var out = bufio.NewWriter(io.Discard)
var ids = make([]uint32, 100)

func init() {
	for i := range ids {
		ids[i] = 1000 + uint32(i)
	}
}
func run() {
	var b [4]byte
	for _, id := range ids {
		binary.BigEndian.PutUint32(b[:], id)
		out.Write(b[:])
	}
}

func main() {
	for range 3 {
		run()
	}
}
