//go:build ignore

// proof: leak nil-channel

package main

func serve() {
	var quit chan struct{}
	go func() {
		<-quit
	}()
}

func run() { serve() }
