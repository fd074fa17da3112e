//go:build ignore

// Every item of the batch is counted before the loop, but empty ones are skipped.
//
// leak: lostgoroutine waitgroup: reported

package main

import "sync"

func runBatch(items []string, do func(string)) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for _, it := range items {
		if it == "" {
			continue
		}
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
