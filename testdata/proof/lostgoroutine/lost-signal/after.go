//go:build ignore

// proof: leak

package main

import "errors"

func work() error { return errors.New("failed") }

func wait() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if work() != nil {
			return
		}
	}()
	<-done
}

func run() { go wait() }
