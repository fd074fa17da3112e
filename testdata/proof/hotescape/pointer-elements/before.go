//go:build ignore

// proof: allocs -all

package main

type pixel struct{ x, y int }

var xs = make([]int, 100)
var sink []*pixel

func run() { sink = fill() }
func fill() []*pixel {
	list := make([]*pixel, 0, len(xs))
	for _, x := range xs {
		list = append(list, &pixel{x, x})
	}
	return list
}

func main() {
	for range 3 {
		run()
	}
}
