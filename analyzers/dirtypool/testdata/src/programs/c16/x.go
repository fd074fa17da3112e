// Package c16: recursion with clear.
package c16

import "sync"

type walker struct {
	seen  map[int]bool
	order []int
}

var walkers = sync.Pool{New: func() any { return &walker{seen: make(map[int]bool)} }}

func (w *walker) visit(g map[int][]int, n int) {
	if w.seen[n] {
		return
	}
	w.seen[n] = true
	w.order = append(w.order, n)
	for _, m := range g[n] {
		w.visit(g, m)
	}
}

func Topo(g map[int][]int, root int) []int {
	w := walkers.Get().(*walker)
	defer walkers.Put(w)
	w.order = w.order[:0]
	clear(w.seen)
	w.visit(g, root)
	return append([]int(nil), w.order...)
}
