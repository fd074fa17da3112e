//go:build ignore

// proof: retained subscription

package main

import (
	"context"
	"sync"
)

func next(ctx context.Context, b *bus) (string, error) {
	c := b.Subscribe()
	select {
	case msg := <-c:
		b.Unsubscribe(c)
		return msg, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// A bus hands messages on to its subscribers.
type bus struct {
	mu   sync.Mutex
	subs map[chan string]bool
}

func (b *bus) Subscribe() chan string {
	c := make(chan string, 10)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.subs[c] = true
	return c
}

func (b *bus) Unsubscribe(c chan string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.subs, c)
}

var news = &bus{subs: make(map[chan string]bool)}

func run() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	next(ctx, news)
}
