//go:build ignore

// proof: allocs

package main

import "sort"

type user struct{ name string }

var groups = make([][]user, 100)

//heapvet:hot
func order(groups [][]user) {
	for _, users := range groups {
		sort.Slice(users, func(i, j int) bool { return users[i].name < users[j].name })
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
