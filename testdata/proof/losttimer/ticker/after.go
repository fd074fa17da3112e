//go:build ignore

// proof: retained ticker go1.22

package main

import "time"

func waitReady(ready func() bool) {
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	for range t.C {
		if ready() {
			return
		}
	}
}

func run() {
	waitReady(func() bool { return true })
}
