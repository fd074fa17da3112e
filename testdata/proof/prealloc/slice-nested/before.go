//go:build ignore

// proof: allocs slice

package main

type point struct{ x, y int }

var sink []point

func grid(w, h int) []point {
	out := []point{}
	for y := range h {
		for x := range w {
			out = append(out, point{x, y})
		}
	}
	return out
}

func run() { sink = grid(10, 10) }

func main() { run() }
