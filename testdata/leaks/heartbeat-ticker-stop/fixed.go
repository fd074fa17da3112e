//go:build ignore

// The loop has a channel of its own that tells it to end.

package main

import (
	"sync/atomic"
	"time"
)

type heart struct {
	ticker *time.Ticker
	stop   chan struct{}
	beats  atomic.Int64
}

func newHeart(every time.Duration) *heart {
	h := &heart{ticker: time.NewTicker(every), stop: make(chan struct{})}
	go h.loop()
	return h
}

func (h *heart) loop() {
	for {
		select {
		case <-h.ticker.C:
			h.beats.Add(1)
		case <-h.stop:
			return
		}
	}
}

// Stop ends the heartbeat.
func (h *heart) Stop() {
	h.ticker.Stop()
	close(h.stop)
}

func session() int64 {
	h := newHeart(200 * time.Microsecond)
	time.Sleep(time.Millisecond)
	h.Stop()
	return h.beats.Load()
}

func run() { session() }
