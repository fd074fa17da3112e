//go:build ignore

// proof: allocs

package main

type point struct{ x, y, z int }

//go:noinline
func parse(s string) point {
	return point{x: len(s), y: int(s[0]), z: int(s[len(s)-1])}
}

var lines = make([]string, 100)

func sum(lines []string) (n int) {
	for _, line := range lines {
		p := parse(line)
		n += p.x + p.y*p.z
	}
	return n
}

func run() {
	if sum(lines) == 0 {
		panic("no lines")
	}
}

func init() {
	for i := range lines {
		lines[i] = "line"
	}
}

func main() {
	for range 3 {
		run()
	}
}
