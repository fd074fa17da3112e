//go:build ignore

// A worker that fails keeps its place; when all have failed, nobody gets one any more.
//
// leak: lostgoroutine lost-slot: reported

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
			if err := do(name); err != nil {
				return
			}
			<-slots
		})
	}
	wg.Wait()
}

func run() {
	go each([]string{"a", "b", "c"}, 2, func(string) error { return errors.New("failed") })
}
