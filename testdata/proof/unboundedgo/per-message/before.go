//go:build ignore

// proof: behaviour

package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// store counts the queries that it serves at once.
type store struct {
	mu        sync.Mutex
	now, most int
	done      sync.WaitGroup
}

func (s *store) Delete(ctx context.Context, key string) error {
	defer s.done.Done()
	s.mu.Lock()
	s.now++
	s.most = max(s.most, s.now)
	s.mu.Unlock()
	time.Sleep(time.Millisecond)
	s.mu.Lock()
	s.now--
	s.mu.Unlock()
	return nil
}

func consume(ctx context.Context, s *store, keys <-chan string) {
	for key := range keys {
		go s.Delete(ctx, key)
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
	if s.most > 16 {
		return fmt.Sprintf("bad: %d queries at once", s.most)
	}
	return "ok"
}
