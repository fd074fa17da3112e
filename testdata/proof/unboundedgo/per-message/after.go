//go:build ignore

// proof: behaviour

package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// store counts the queries that it serves at once.
type store struct {
	now, most atomic.Int64
	done      sync.WaitGroup
}

func (s *store) Delete(ctx context.Context, key string) error {
	defer s.done.Done()
	if n := s.now.Add(1); n > s.most.Load() {
		s.most.Store(n)
	}
	time.Sleep(time.Millisecond)
	s.now.Add(-1)
	return nil
}

func consume(ctx context.Context, s *store, keys <-chan string) {
	for range 16 {
		go func() {
			for key := range keys {
				s.Delete(ctx, key)
			}
		}()
	}
}

func run() string {
	s, keys := new(store), make(chan string)
	go consume(context.Background(), s, keys)
	for range 1000 {
		s.done.Add(1)
		keys <- "key"
	}
	close(keys)
	s.done.Wait()
	if n := s.most.Load(); n > 16 {
		return fmt.Sprintf("bad: %d queries at once", n)
	}
	return "ok"
}
