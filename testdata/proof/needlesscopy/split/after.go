//go:build ignore

// proof: allocs

package main

import (
	"strings"
)

var lines = make([]string, 100)
var n int

func init() {
	for i := range lines {
		lines[i] = "a,b,c,d"
	}
}
func run() {
	for _, line := range lines {
		for f := range strings.SplitSeq(line, ",") {
			n += len(f)
		}
	}
}

func main() {
	for range 3 {
		run()
	}
}
