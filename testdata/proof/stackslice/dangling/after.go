//go:build ignore

// proof: behaviour

package main

import "fmt"

type item struct{ id, size int32 }

//go:noinline
func parse(n int32) (*int32, []item) {
	var items []item
	for i := range n {
		items = append(items, item{i, i + 7})
	}
	first := &(&items[0]).size
	return first, items
}

//go:noinline
func useStack(n int) int {
	var a [256]int
	for i := range a {
		a[i] = n
	}
	s := 0
	for _, x := range a {
		s += x
	}
	return s
}

func run() string {
	first, items := parse(2)
	useStack(-1)
	if *first != items[0].size {
		return fmt.Sprintf("bad: the pointer reads %d, the slice %d", *first, items[0].size)
	}
	return "ok"
}

func main() { fmt.Println(run()) }
