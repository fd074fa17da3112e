//go:build ignore

// proof: allocs -all

package main

var work = make(chan chan struct{})

func init() {
	go func() {
		for done := range work {
			done <- struct{}{}
		}
	}()
}

var done = make(chan struct{})

//heapvet:hot
func ask() {
	work <- done
	<-done
}

func run() { ask() }

func main() {
	for range 3 {
		run()
	}
}
