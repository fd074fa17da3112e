//go:build ignore

// proof: retained timer go1.22

package main

import "time"

func receive(in <-chan int) (int, bool) {
	t := time.NewTimer(time.Minute)
	defer t.Stop()
	select {
	case v := <-in:
		return v, true
	case <-t.C:
		return 0, false
	}
}

func run() {
	in := make(chan int, 1)
	in <- 1
	receive(in)
}
