//go:build ignore

// proof: behaviour

package main

import (
	"fmt"
	"runtime"
	"runtime/metrics"
)

var total int

func load(batches [][]byte) {
	for _, b := range batches {
		total += len(b)
		runtime.GC()
	}
}

func forced() uint64 {
	s := []metrics.Sample{{Name: "/gc/cycles/forced:gc-cycles"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

func run() string {
	before := forced()
	load(make([][]byte, 50))
	if n := forced() - before; n > 0 {
		return fmt.Sprintf("bad: %d collections for 50 items", n)
	}
	return "ok"
}
