//go:build ignore

// proof: leak waitgroup

package main

import "sync"

func process(jobs []int) {
	var wg sync.WaitGroup
	for _, j := range jobs {
		wg.Add(1)
		go func() {
			if j < 0 {
				return
			}
			wg.Done()
		}()
	}
	wg.Wait()
}

func run() { go process([]int{1, -1}) }
