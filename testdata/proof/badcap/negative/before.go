//go:build ignore

// proof: behaviour negative

package main

// Between returns the numbers from lo up to hi, and none if hi is less.
func Between(lo, hi int) []int {
	out := make([]int, 0, hi-lo)
	for i := lo; i < hi; i++ {
		out = append(out, i)
	}
	return out
}

func run() string {
	if len(Between(5, 2)) != 0 {
		return "bad: not empty"
	}
	return "ok"
}

func main() { println(run()) }
