//go:build ignore

// proof: allocs

package main

//go:noinline
func squares(n int) []int {
	list := []int{}
	for i := range n {
		list = append(list, i*i)
	}
	return list
}

var sink []int

func run() { sink = squares(10) }

func main() { run() }
