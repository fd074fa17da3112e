//go:build ignore

// Two transfers in opposite directions each hold one purse and wait for the other.
//
// leak: stucklock lock-order: reported

package main

import (
	"sync"
	"time"
)

type purse struct {
	mu  sync.Mutex
	id  int
	sum int
}

func transfer(from, to *purse, n int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	time.Sleep(time.Millisecond)
	to.mu.Lock()
	defer to.mu.Unlock()
	from.sum -= n
	to.sum += n
}

func run() {
	for range 20 {
		a, b := &purse{id: 1}, &purse{id: 2}
		go transfer(a, b, 1)
		go transfer(b, a, 1)
	}
}
