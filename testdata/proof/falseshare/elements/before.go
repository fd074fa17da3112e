//go:build ignore

// proof: behaviour

package main

import (
	"sync"
	"unsafe"
)

type counter struct {
	n int
}

func count(parts [][]byte) []counter {
	counts := make([]counter, len(parts))
	var wg sync.WaitGroup
	for i, part := range parts {
		wg.Go(func() {
			for _, c := range part {
				if c == 'x' {
					counts[i].n++
				}
			}
		})
	}
	wg.Wait()
	return counts
}

func run() string {
	counts := count([][]byte{[]byte("xx"), []byte("xy")})
	first, second := uintptr(unsafe.Pointer(&counts[0].n)), uintptr(unsafe.Pointer(&counts[1].n))
	if second-first < 64 {
		return "bad: two cores write to one cache line"
	}
	return "ok"
}
