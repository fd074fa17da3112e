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

//heapvet:hot
func ask() {
	done := make(chan struct{})
	work <- done
	<-done
}

func run() { ask() }

func main() {
	for range 3 {
		run()
	}
}
