//go:build ignore

// Shutdown waits for the workers, and they wait for jobs: nobody closes the queue.
//
// leak: lostgoroutine unclosed-range: reported

package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

type job func()

var errStopped = errors.New("service is stopped")

type service struct {
	mu      sync.Mutex
	stopped bool
	queue   chan job
	workers sync.WaitGroup
}

func newService(workers int) *service {
	s := &service{queue: make(chan job, 16)}
	for range workers {
		s.workers.Add(1)
		go s.work()
	}
	return s
}

func (s *service) work() {
	defer s.workers.Done()
	for j := range s.queue {
		j()
	}
}

func (s *service) Submit(j job) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return errStopped
	}
	select {
	case s.queue <- j:
		return nil
	default:
		return errors.New("queue is full")
	}
}

// Shutdown waits for what is under way, but not longer than ctx.
func (s *service) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	idle := make(chan struct{})
	go func() {
		s.workers.Wait()
		close(idle)
	}()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func run() {
	s := newService(3)
	s.Submit(func() {})
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	s.Shutdown(ctx)
}
