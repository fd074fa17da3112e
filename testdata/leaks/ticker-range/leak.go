//go:build ignore

// Stop of a ticker does not close its channel: the loop over it never ends.
//
// leak: lostgoroutine no-exit: reported

package main

import (
	"sync"
	"time"
)

type gauge struct {
	mu     sync.Mutex
	value  float64
	points []float64
}

func (g *gauge) sample() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.points = append(g.points, g.value)
}

type sampler struct {
	gauge  *gauge
	ticker *time.Ticker
}

func startSampler(g *gauge, every time.Duration) *sampler {
	s := &sampler{gauge: g, ticker: time.NewTicker(every)}
	go s.loop()
	return s
}

func (s *sampler) loop() {
	for range s.ticker.C {
		s.gauge.sample()
	}
}

func (s *sampler) Stop() {
	s.ticker.Stop()
}

func measure(g *gauge, d time.Duration) int {
	s := startSampler(g, 100*time.Microsecond)
	time.Sleep(d)
	s.Stop()
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.points)
}

func run() { measure(&gauge{value: 1}, time.Millisecond) }
