//go:build ignore

// proof: allocs after-in-loop

package main

import "time"

func consume(in <-chan int) (sum int) {
	t := time.NewTimer(time.Minute)
	defer t.Stop()
	for {
		t.Reset(time.Minute)
		select {
		case v, ok := <-in:
			if !ok {
				return sum
			}
			sum += v
		case <-t.C:
			return sum
		}
	}
}

func run() {
	in := make(chan int, 10)
	for i := range 10 {
		in <- i
	}
	close(in)
	consume(in)
}
