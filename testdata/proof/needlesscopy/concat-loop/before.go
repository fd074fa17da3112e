//go:build ignore

// proof: allocs

package main

var parts = make([]string, 100)
var sink string

func init() {
	for i := range parts {
		parts[i] = "ten bytes."
	}
}
func run() {
	s := ""
	for _, p := range parts {
		s += p
	}
	sink = s
}

func main() {
	for range 3 {
		run()
	}
}
