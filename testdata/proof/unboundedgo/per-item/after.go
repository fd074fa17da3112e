//go:build ignore

// proof: behaviour

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// store counts the queries that it serves at once.
type store struct {
	mu        sync.Mutex
	now, most int
}

func (s *store) Delete(ctx context.Context, key string) error {
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

type server struct{ store *store }

func (s *server) delete(w http.ResponseWriter, r *http.Request) {
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

func run() string {
	s := &server{new(store)}
	body := `{"Keys": [` + strings.TrimSuffix(strings.Repeat(`"key",`, 1000), ",") + "]}"
	s.delete(httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader(body)))
	if s.store.most > 16 {
		return fmt.Sprintf("bad: %d queries at once", s.store.most)
	}
	return "ok"
}
