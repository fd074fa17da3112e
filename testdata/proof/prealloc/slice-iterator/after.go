//go:build ignore

// proof: allocs slice

package main

import (
	"maps"
	"slices"
)

var (
	sink []int
	ages = make(map[int]bool)
)

func init() {
	for i := range 100 {
		ages[i] = true
	}
}

func keys(m map[int]bool) []int {
	var out []int
	out = slices.Grow(out, len(m))
	for k := range maps.Keys(m) {
		out = append(out, k)
	}
	return out
}

func run() { sink = keys(ages) }

func main() { run() }
