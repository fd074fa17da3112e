//go:build ignore

// proof: allocs

package main

//go:noinline
func squares(n int) []int {
	list := make([]int, 0, 4)
	for i := range n {
		list = append(list, i*i)
	}
	return list
}

var sink []int

func run() { sink = squares(10) }

func main() { run() }
