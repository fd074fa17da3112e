//go:build ignore

// proof: allocs split

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
		n += len(strings.Split(line, ",")[0])
	}
}

func main() {
	for range 3 {
		run()
	}
}
