package main

import (
	"fmt"
	"os"
	"os/signal"
	"sync"
)

func main() {
	f, err := os.Open("config")
	if err != nil {
		os.Exit(1)
	}
	fmt.Fscanln(f)
	wait()
	var actors sync.WaitGroup
	actors.Go(func() { reload() })
	actors.Go(wait)
	for range 3 {
		actors.Go(func() { listen() })
	}
	for {
		fmt.Println(ask())
	}
}

// One of the goroutines that make up the program.
func reload() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	<-c
}

func listen() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt) // want `c is never given to signal.Stop`
	<-c
}

func wait() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	<-c
}

func ask() string {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt) // want `c is never given to signal.Stop`
	select {
	case <-c:
		return "interrupted"
	default:
		return "on"
	}
}
