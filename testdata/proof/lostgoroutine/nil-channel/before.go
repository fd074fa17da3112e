//go:build ignore

// proof: leak

package main

func run() {
	go func() {
		var ready chan struct{}
		<-ready
	}()
}
