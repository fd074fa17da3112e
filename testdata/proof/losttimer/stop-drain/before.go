//go:build ignore

// proof: leak

package main

import "time"

func debounce(t *time.Timer, reset, quit <-chan struct{}) {
	for {
		select {
		case <-t.C:
		case <-reset:
			if !t.Stop() {
				<-t.C
			}
			t.Reset(time.Second)
		case <-quit:
			return
		}
	}
}

func run() {
	reset, quit := make(chan struct{}), make(chan struct{})
	go debounce(time.NewTimer(time.Millisecond), reset, quit)
	time.Sleep(5 * time.Millisecond)
	reset <- struct{}{}
	close(quit)
}
