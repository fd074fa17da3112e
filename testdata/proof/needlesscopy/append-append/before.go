//go:build ignore

// proof: allocs

package main

var sink [][]int
var lists = make([][]int, 100)
var more = []int{1, 2, 3, 4, 5}

func init() {
	for i := range lists {
		lists[i] = make([]int, 10)
	}
}
func run() {
	sink = sink[:0]
	for _, l := range lists {
		sink = append(sink, append(append([]int(nil), l...), more...))
	}
}

func main() {
	for range 3 {
		run()
	}
}
