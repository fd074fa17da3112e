//go:build ignore

// proof: leak

package main

func serve() {}

func start(stop <-chan struct{}) {
	go func() {
		serve()
		<-stop
	}()
}

func run() {
	stop := make(chan struct{})
	defer close(stop)
	start(stop)
}
