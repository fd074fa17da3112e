//go:build ignore

// proof: allocs

package main

import (
	"strconv"
)

var sink []string
var ids = make([]int, 100)

func init() {
	for i := range ids {
		ids[i] = 1000 + i
	}
}
func run() {
	sink = sink[:0]
	for _, id := range ids {
		sink = append(sink, strconv.Itoa(id))
	}
}

func main() {
	for range 3 {
		run()
	}
}
