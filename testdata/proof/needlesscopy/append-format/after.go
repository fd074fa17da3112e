//go:build ignore

// proof: allocs

package main

import (
	"strconv"
)

var buf []byte
var ids = make([]int, 100)

func init() {
	for i := range ids {
		ids[i] = 1000 + i
	}
}
func run() {
	buf = buf[:0]
	for _, id := range ids {
		buf = strconv.AppendInt(buf, int64(id), 10)
	}
}

func main() {
	for range 3 {
		run()
	}
}
