//go:build ignore

// proof: allocs -all

package main

var xs = make([]int, 100)

func run() {
	done := make(chan struct{})
	for range xs {
		go func() { done <- struct{}{} }()
		<-done
	}
}

func main() {
	for range 3 {
		run()
	}
}
