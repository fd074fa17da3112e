// Package dashed has a file with the base name of one whose code it instantiates.
package dashed

import "slices"

type pair struct{ k, v int }

var kept []*pair

func Sort(ps []*pair, n int) {
	x := pair{n, n}         //@ var x: heap
	kept = append(kept, &x) //@ expr append(kept, &x): heap
	slices.SortFunc(ps, func(a, b *pair) int { return a.k - b.k })
	slices.Sort([]int{n, 1}) //@ expr []int{n, 1}: stack
}
