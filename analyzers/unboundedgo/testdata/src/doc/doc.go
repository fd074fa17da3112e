package doc

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"

	"golang.org/x/sync/errgroup"
)

type store interface {
	Delete(ctx context.Context, key string) error
}

type server struct{ store store }

// WRONG
func (s *server) delete(w http.ResponseWriter, r *http.Request) {
	var req struct{ Keys []string }
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		return
	}
	var wg sync.WaitGroup
	for _, key := range req.Keys {
		wg.Add(1)
		go func() { // want `starts a goroutine for every item of req.Keys, as many as a client sends: each takes 2 KiB and more, and all do their work at once; limit them \(errgroup.SetLimit, a semaphore or a fixed number of workers\)`
			defer wg.Done()
			s.store.Delete(r.Context(), key)
		}()
	}
	wg.Wait()
}

// RIGHT
func (s *server) deleteSome(w http.ResponseWriter, r *http.Request) {
	var req struct{ Keys []string }
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		return
	}
	var g errgroup.Group
	g.SetLimit(16)
	for _, key := range req.Keys {
		g.Go(func() error { return s.store.Delete(r.Context(), key) })
	}
	g.Wait()
}

// WRONG
func (s *server) consume(ctx context.Context, keys <-chan string) {
	for key := range keys {
		go s.store.Delete(ctx, key) // want `starts a goroutine for every message of keys, however fast they come: each takes 2 KiB and more, and nothing slows the sender down; limit them`
	}
}

// RIGHT
func (s *server) consumeWithWorkers(ctx context.Context, keys <-chan string) {
	for range 16 {
		go func() {
			for key := range keys {
				s.store.Delete(ctx, key)
			}
		}()
	}
}
