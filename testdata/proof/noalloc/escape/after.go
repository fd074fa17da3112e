//go:build ignore

// proof: allocs

package main

type point struct{ x, y int }

var (
	last point
	sum  int
)

//go:noinline
func move(x, y int) {
	p := &point{x, y} //gcassert:noescape
	last = *p
	sum += p.x
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
