//go:build ignore

// proof: leak

package main

import "errors"

func work() error { return errors.New("failed") }

func check() error {
	errc := make(chan error)
	go func() {
		if err := work(); err != nil {
			errc <- err
			return
		}
		errc <- nil
	}()
	return <-errc
}

func run() { check() }
