//go:build ignore

// proof: allocs

package main

type point struct{ x, y int }

func observe(p *point) {}

//heapvet:noalloc
//go:noinline
func move(x, y int) {
	p := point{x, y}
	observe(&p)
}

func run() {
	for i := range 100 {
		move(i, i)
	}
}

func main() {
	for range 3 {
		run()
	}
}
