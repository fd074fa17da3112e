//go:build ignore

// proof: allocs

package main

import (
	"bytes"
	"encoding/binary"
	"io"
)

var data = make([]byte, 4*100)

//go:noinline
func sum(r io.Reader) (total uint32) {
	for {
		var word [4]byte
		if _, err := io.ReadFull(r, word[:]); err != nil {
			return total
		}
		total += binary.BigEndian.Uint32(word[:])
	}
}

func run() { sum(bytes.NewReader(data)) }

func main() {
	for range 3 {
		run()
	}
}
