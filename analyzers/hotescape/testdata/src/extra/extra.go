// Package extra holds what is reported only with -all, and in functions that are marked hot.
package extra

import (
	"container/heap"
	"container/list"
	"io"
	"sort"
)

type item struct {
	id   int
	name string
}

func sorts(groups [][]item) {
	for _, g := range groups {
		sort.Slice(g, func(i, j int) bool { return g[i].id < g[j].id }) // want `g is copied to the heap on every iteration to pass it to sort.Slice as an interface; slices.SortFunc needs no interface and no reflection`
	}
}

func pushes(h heap.Interface, l *list.List, items []item) {
	for _, it := range items {
		heap.Push(h, it) // want `it is copied to the heap on every iteration to pass it to heap.Push`
		l.PushBack(it)   // want `it is copied to the heap on every iteration to pass it to l.PushBack`
	}
}

var kept []*item

func keeps(items []item) {
	for _, it := range items { // want `a new it \(24 bytes\) is allocated on every iteration, because its address is taken; use &items\[i\], if the element may be shared`
		kept = append(kept, &it)
	}
}

func sized(r io.Reader, sizes []int) (sum int) {
	for _, n := range sizes {
		b := make([]byte, n) // want `b is allocated on every iteration, because the compiler must assume that io.ReadFull keeps it; reuse one slice, grown where it is too small`
		if _, err := io.ReadFull(r, b); err != nil {
			return sum
		}
		sum += int(b[0])
	}
	return sum
}

func word(r io.Reader) byte {
	var b [4]byte // want `b \(4 bytes\) is allocated on every call, because the compiler must assume that io.ReadFull keeps it; let the caller lend a buffer`
	io.ReadFull(r, b[:])
	return b[0]
}

func words(r io.Reader, n int) (sum int) {
	for range n {
		sum += int(word(r))
	}
	return sum
}
