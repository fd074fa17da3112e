//go:build ignore

// proof: leak

package main

import "sync"

func handle(int) {}

func all(jobs []int) {
	var wg sync.WaitGroup
	wg.Add(len(jobs))
	for _, j := range jobs {
		go func() {
			defer wg.Done()
			handle(j)
		}()
		wg.Wait()
	}
}

func run() { go all([]int{1, 2, 3}) }
