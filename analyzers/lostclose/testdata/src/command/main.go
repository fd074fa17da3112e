package main

import (
	"fmt"
	"os"
	"os/signal"
)

func main() {
	f, err := os.Open("config")
	if err != nil {
		os.Exit(1)
	}
	fmt.Fscanln(f)
	wait()
	for {
		fmt.Println(ask())
	}
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
