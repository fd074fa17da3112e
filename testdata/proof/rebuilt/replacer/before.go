//go:build ignore

// proof: allocs

package main

import (
	"strings"
)

var n int

func run() {
	for range 10 {
		n += len(escape("a < b & c"))
	}
}
func escape(s string) string { return strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(s) }

func main() {
	for range 3 {
		run()
	}
}
