//go:build ignore

// The berth is waited for before the lock is taken.

package main

import (
	"strconv"
	"sync"
	"time"
)

type harbour struct {
	mu     sync.Mutex
	berths chan struct{}
	at     map[string]int
}

func newHarbour(berths int) *harbour {
	return &harbour{berths: make(chan struct{}, berths), at: make(map[string]int)}
}

func (h *harbour) arrive(ship string) {
	h.berths <- struct{}{}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at[ship]++
}

func (h *harbour) depart(ship string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.at, ship)
	<-h.berths
}

func run() {
	h := newHarbour(2)
	var ships sync.WaitGroup
	for i := range 6 {
		ships.Go(func() {
			ship := strconv.Itoa(i)
			for range 20 {
				h.arrive(ship)
				time.Sleep(100 * time.Microsecond)
				h.depart(ship)
			}
		})
	}
	ships.Wait()
}
