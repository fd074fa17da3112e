//go:build ignore

// A worker gives its place back, whether it fails or not.

package main

import (
	"errors"
	"sync"
)

func each(names []string, n int, do func(string) error) {
	slots := make(chan struct{}, n)
	var wg sync.WaitGroup
	for _, name := range names {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			do(name)
		})
	}
	wg.Wait()
}

func run() {
	go each([]string{"a", "b", "c"}, 2, func(string) error { return errors.New("failed") })
}
