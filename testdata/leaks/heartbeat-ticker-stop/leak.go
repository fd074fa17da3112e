//go:build ignore

// Stop stops the ticker, which does not close its channel: the loop that waits
// for the next tick stays.
//
// leak: lostgoroutine no-exit: reported

package main

import (
	"sync/atomic"
	"time"
)

type heart struct {
	ticker *time.Ticker
	beats  atomic.Int64
}

func newHeart(every time.Duration) *heart {
	h := &heart{ticker: time.NewTicker(every)}
	go h.loop()
	return h
}

func (h *heart) loop() {
	for {
		select {
		case <-h.ticker.C:
			h.beats.Add(1)
		}
	}
}

// Stop ends the heartbeat.
func (h *heart) Stop() { h.ticker.Stop() }

func session() int64 {
	h := newHeart(200 * time.Microsecond)
	time.Sleep(time.Millisecond)
	h.Stop()
	return h.beats.Load()
}

func run() { session() }
