//go:build ignore

// proof: allocs -all

package main

var xs = make([]int, 100)

func run() {
	for range xs {
		done := make(chan struct{})
		go func() { done <- struct{}{} }()
		<-done
	}
}

func main() {
	for range 3 {
		run()
	}
}
