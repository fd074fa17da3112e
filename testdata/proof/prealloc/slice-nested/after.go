//go:build ignore

// proof: allocs slice

package main

type point struct{ x, y int }

var sink []point

func grid(w, h int) []point {
	out := make([]point, 0, max(0, h)*max(0, w))
	for y := range h {
		for x := range w {
			out = append(out, point{x, y})
		}
	}
	return out
}

func run() { sink = grid(10, 10) }

func main() { run() }
