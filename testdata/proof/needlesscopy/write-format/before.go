//go:build ignore

// proof: allocs

package main

import (
	"bufio"
	"fmt"
	"io"
)

var out = bufio.NewWriter(io.Discard)
var ids = make([]int, 100)

func init() {
	for i := range ids {
		ids[i] = 1000 + i
	}
}
func run() {
	for _, id := range ids {
		out.WriteString(fmt.Sprintf("id=%d;", id))
	}
}

func main() {
	for range 3 {
		run()
	}
}
