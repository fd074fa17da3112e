//go:build ignore

// proof: bytes wasted

package main

func sample(xs []int) []int {
	out := []int{}
	for _, x := range xs {
		if x%100 == 0 {
			out = append(out, x)
		}
	}
	return out
}

var (
	numbers = make([]int, 10_000)
	sink    []int
)

func run() {
	for i := range numbers {
		numbers[i] = i
	}
	sink = sample(numbers)
}

func main() { run() }
