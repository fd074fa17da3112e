//go:build ignore

// proof: allocs

package main

type point struct{ x, y int }

var sum int

// corner is too large to be inlined, so that what it returns is on the heap.
func corner(x, y int) *point {
	p := &point{x, y}
	for p.x > 1000 || p.y > 1000 {
		switch {
		case p.x > p.y:
			p.x /= 2
		case p.x < p.y:
			p.y /= 2
		default:
			p.x, p.y = p.x/3+p.y%7, p.y/3+p.x%7
		}
		p.x, p.y = max(p.x-p.y%3, p.x/2), max(p.y-p.x%3, p.y/2)
	}
	return p
}

func run() {
	for i := range 100 {
		p := corner(i, i) //gcassert:inline
		sum += p.x + p.y
	}
}

func main() {
	for range 3 {
		run()
	}
}
