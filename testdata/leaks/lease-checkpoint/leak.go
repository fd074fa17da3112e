//go:build ignore

// Renew calls the checkpoint function with the lock held, and the function that
// was set saves the lease with the same lock.
//
// leak: stucklock double-lock: reported with -all

package main

import (
	"context"
	"sync"
	"time"
)

type checkpointFunc func(ctx context.Context, id int)

type lessor struct {
	mu         sync.RWMutex
	checkpoint checkpointFunc
	expiry     map[int]time.Duration
	saved      map[int]time.Duration
}

func newLessor() *lessor {
	return &lessor{expiry: make(map[int]time.Duration), saved: make(map[int]time.Duration)}
}

func (le *lessor) SetCheckpoint(f checkpointFunc) {
	le.mu.Lock()
	defer le.mu.Unlock()
	le.checkpoint = f
}

// Save keeps what is left of the lease.
func (le *lessor) Save(id int) {
	le.mu.Lock()
	defer le.mu.Unlock()
	le.saved[id] = le.expiry[id]
}

// Renew lengthens the lease.
func (le *lessor) Renew(ctx context.Context, id int, ttl time.Duration) {
	le.mu.Lock()
	defer le.mu.Unlock()
	le.expiry[id] = ttl
	if le.checkpoint != nil {
		le.checkpoint(ctx, id)
	}
}

func run() {
	le := newLessor()
	le.SetCheckpoint(func(_ context.Context, id int) { le.Save(id) })
	le.Renew(context.Background(), 1, time.Minute)
}
