// Package marked holds functions that their authors call hot: there the likely is
// reported as well as the certain.
package marked

import "sort"

type item struct{ id int }

//heapvet:hot
func sorts(groups [][]item) {
	for _, g := range groups {
		sort.Slice(g, func(i, j int) bool { return g[i].id < g[j].id }) // want `g is copied to the heap on every iteration`
	}
}

//heapvet:hot
func sortOne(g []item) {
	sort.Slice(g, func(i, j int) bool { return g[i].id < g[j].id }) // want `g is copied to the heap on every call to pass it to sort.Slice`
}

func sortAll(groups [][]item) {
	for _, g := range groups {
		sort.Slice(g, func(i, j int) bool { return g[i].id < g[j].id })
	}
}

type visitor interface{ visit(func(int) bool) }

//heapvet:hot
func visits(lists []visitor, limit int) {
	for i, l := range lists {
		l.visit(func(x int) bool { return x < limit }) // want `the function literal is allocated on every iteration, though all it captures \(limit\)`
		l.visit(func(x int) bool { return x < i })
		l.visit(func(x int) bool { return x < 3 })
		if i == 7 {
			l.visit(func(x int) bool { return x < limit })
		}
	}
}
