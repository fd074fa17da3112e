//go:build ignore

// A request that finds the client closed returns with the read lock held, and
// Close, which gives the lock away for a moment, never gets it back.
//
// leak: stucklock missing-unlock: reported

package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

var errClosed = errors.New("client is closed")

type client struct {
	mu     sync.RWMutex
	cancel context.CancelFunc
	idle   int
}

// Close cancels what runs, and waits for callbacks without the lock.
func (c *client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancel == nil {
		return
	}
	c.cancel()
	c.cancel = nil
	c.mu.Unlock()
	time.Sleep(2 * time.Millisecond)
	c.mu.Lock()
	c.idle = 0
}

type remote struct{ client *client }

func (r *remote) acquire(ctx context.Context) error {
	for ctx.Err() == nil {
		r.client.mu.RLock()
		closed := r.client.cancel == nil
		if closed {
			return errClosed
		}
		r.client.mu.RUnlock()
		time.Sleep(100 * time.Microsecond)
	}
	return ctx.Err()
}

type kv interface {
	Get(ctx context.Context, key string) (string, error)
}

type remoteKV struct{ remote *remote }

func (k *remoteKV) Get(ctx context.Context, key string) (string, error) {
	if err := k.remote.acquire(ctx); err != nil {
		return "", err
	}
	return key, nil
}

func newKV(c *client) kv { return &remoteKV{remote: &remote{client: c}} }

func run() {
	ctx, cancel := context.WithCancel(context.Background())
	c := &client{cancel: cancel}
	store := newKV(c)
	done := make(chan struct{})
	go func() {
		defer close(done)
		store.Get(context.WithoutCancel(ctx), "a")
	}()
	c.Close()
	<-done
}
