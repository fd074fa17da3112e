//go:build ignore

// The loop has a stop channel beside the ticker.

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
	stop   chan struct{}
}

func startSampler(g *gauge, every time.Duration) *sampler {
	s := &sampler{gauge: g, ticker: time.NewTicker(every)}
	s.stop = make(chan struct{})
	go s.loop()
	return s
}

func (s *sampler) loop() {
	for {
		select {
		case <-s.ticker.C:
			s.gauge.sample()
		case <-s.stop:
			return
		}
	}
}

func (s *sampler) Stop() {
	s.ticker.Stop()
	close(s.stop)
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
