//go:build ignore

// proof: leak nil-channel

package main

func serve() {
	quit := make(chan struct{})
	defer close(quit)
	go func() {
		<-quit
	}()
}

func run() { serve() }
