//go:build ignore

// proof: leak

package main

func run() {
	go func() {
		ready := make(chan struct{})
		close(ready)
		<-ready
	}()
}
