//go:build ignore

// proof: leak

package main

import "errors"

func work() error { return errors.New("failed") }

func wait() {
	done := make(chan struct{})
	go func() {
		if work() != nil {
			return
		}
		close(done)
	}()
	<-done
}

func run() { go wait() }
