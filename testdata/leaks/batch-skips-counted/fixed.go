//go:build ignore

// What is skipped is not counted.

package main

import "sync"

func runBatch(items []string, do func(string)) {
	var wg sync.WaitGroup
	for _, it := range items {
		if it == "" {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			do(it)
		}()
	}
	wg.Wait()
}

func run() {
	go runBatch([]string{"a", "", "b"}, func(string) {})
}
