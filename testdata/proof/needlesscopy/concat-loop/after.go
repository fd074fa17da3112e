//go:build ignore

// proof: allocs

package main

import (
	"strings"
)

var parts = make([]string, 100)
var sink string

func init() {
	for i := range parts {
		parts[i] = "ten bytes."
	}
}
func run() { sink = strings.Join(parts, "") }

func main() {
	for range 3 {
		run()
	}
}
