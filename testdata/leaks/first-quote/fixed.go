//go:build ignore

// Who asks for one quote ends the feed.

package main

import "sync"

// quotes delivers the price of a share until the function that it returns is called.
func quotes(price func() int) (<-chan int, func()) {
	c := make(chan int)
	over := make(chan struct{})
	go func() {
		for {
			select {
			case c <- price():
			case <-over:
				return
			}
		}
	}()
	return c, sync.OnceFunc(func() { close(over) })
}

func quote(price func() int) int {
	c, end := quotes(price)
	defer end()
	return <-c
}

func run() {
	for range 3 {
		quote(func() int { return 7 })
	}
}
