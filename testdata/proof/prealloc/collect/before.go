//go:build ignore

// proof: allocs collect

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
	return slices.Collect(maps.Keys(m))
}

func run() { sink = keys(ages) }

func main() { run() }
