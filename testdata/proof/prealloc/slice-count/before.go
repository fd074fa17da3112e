//go:build ignore

// proof: allocs slice

package main

var sink []string

func squares(n int) []string {
	var out []string
	for i := 0; i < n; i++ {
		out = append(out, "square")
	}
	return out
}

func run() { sink = squares(100) }

func main() { run() }
