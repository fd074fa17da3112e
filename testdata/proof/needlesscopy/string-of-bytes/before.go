//go:build ignore

// proof: allocs

package main

import (
	"strings"
)

var lines = make([][]byte, 100)
var n int

func init() {
	for i := range lines {
		lines[i] = []byte("a line of a text that is longer than 32 bytes")
	}
}
func run() {
	for _, line := range lines {
		if strings.Contains(string(line), "longer") {
			n++
		}
	}
}

func main() {
	for range 3 {
		run()
	}
}
