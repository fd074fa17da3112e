//go:build ignore

// proof: allocs -all

package main

import (
	"fmt"
)

var sink []string
var pairs = make([][2]string, 100)

func init() {
	for i := range pairs {
		pairs[i] = [2]string{"a name of some length", "and a value"}
	}
}
func run() {
	sink = sink[:0]
	for _, p := range pairs {
		sink = append(sink, fmt.Sprintf("%s:%s", p[0], p[1]))
	}
}

func main() {
	for range 3 {
		run()
	}
}
