//go:build ignore

// proof: allocs

package main

import (
	"bufio"
	"io"
)

var out io.Writer = bufio.NewWriter(io.Discard)
var lines = make([]string, 100)

func init() {
	for i := range lines {
		lines[i] = "a line of a text that is longer than 32 bytes"
	}
}

//go:noinline
func write(w io.Writer) {
	for _, line := range lines {
		w.Write([]byte(line))
	}
}
func run() { write(out) }

func main() {
	for range 3 {
		run()
	}
}
