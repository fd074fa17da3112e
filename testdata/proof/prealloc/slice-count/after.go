//go:build ignore

// proof: allocs slice

package main

import "slices"

var sink []string

func squares(n int) []string {
	var out []string
	out = slices.Grow(out, max(0, n))
	for i := 0; i < n; i++ {
		out = append(out, "square")
	}
	return out
}

func run() { sink = squares(100) }

func main() { run() }
