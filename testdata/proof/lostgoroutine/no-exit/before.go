//go:build ignore

// proof: leak

package main

func serve() {}

func start() {
	go func() {
		serve()
		select {}
	}()
}

func run() {
	start()
}
