package life

import (
	"context"
	"errors"
	"sync"
)

type sink interface {
	write(ctx context.Context, lines []string) error
}

// A shipper leaves when a write fails, and keeps the error for who asks.
type shipper struct {
	sink  sink
	lines chan []string
	stop  chan struct{}

	mu  sync.Mutex
	err error
}

func startShipper(ctx context.Context, to sink, in <-chan string) *shipper {
	s := &shipper{sink: to, lines: make(chan []string), stop: make(chan struct{})}
	go s.gather(in)
	go s.ship(ctx)
	return s
}

func (s *shipper) gather(in <-chan string) {
	var batch []string
	for line := range in {
		if batch = append(batch, line); len(batch) > 99 {
			s.lines <- batch // want `this send blocks forever once ship has returned at line \d+: nobody else receives from s.lines`
			batch = nil
		}
	}
}

func (s *shipper) ship(ctx context.Context) {
	for {
		select {
		case batch := <-s.lines:
			if err := s.sink.write(ctx, batch); err != nil {
				s.mu.Lock()
				s.err = err
				s.mu.Unlock()
				return
			}
		case <-s.stop:
			return
		}
	}
}

func (s *shipper) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

var errDown = errors.New("down")

// Who sends here asks before each send.
type asking struct {
	sink  sink
	lines chan []string

	mu  sync.Mutex
	err error
}

func startAsking(ctx context.Context, to sink, in <-chan string) *asking {
	s := &asking{sink: to, lines: make(chan []string)}
	go s.gather(in)
	go s.ship(ctx)
	return s
}

func (s *asking) gather(in <-chan string) {
	var batch []string
	for line := range in {
		if s.failed() != nil {
			return
		}
		if batch = append(batch, line); len(batch) > 99 {
			s.lines <- batch
			batch = nil
		}
	}
}

func (s *asking) ship(ctx context.Context) {
	for batch := range s.lines {
		if err := s.sink.write(ctx, batch); err != nil {
			s.mu.Lock()
			s.err = err
			s.mu.Unlock()
			return
		}
	}
}

func (s *asking) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}
