//go:build ignore

// The purse with the lower number is locked first, whichever way the money goes.

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
	first, second := from, to
	if second.id < first.id {
		first, second = second, first
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	time.Sleep(time.Millisecond)
	second.mu.Lock()
	defer second.mu.Unlock()
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
