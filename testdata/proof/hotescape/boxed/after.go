//go:build ignore

// proof: allocs

package main

import (
	"cmp"
	"slices"
)

type user struct{ name string }

var groups = make([][]user, 100)

//heapvet:hot
func order(groups [][]user) {
	for _, users := range groups {
		slices.SortFunc(users, func(a, b user) int { return cmp.Compare(a.name, b.name) })
	}
}

func run() {
	for i := range groups {
		groups[i] = append(groups[i][:0], user{"b"}, user{"a"})
	}
	order(groups)
}

func main() {
	for range 3 {
		run()
	}
}
