//go:build ignore

// Who locks unlocks.

package main

import (
	"errors"
	"sync"
	"time"
)

func until(f func(), period time.Duration, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		f()
		time.Sleep(period)
	}
}

type store interface{ Replace(items []string) error }

type reflector struct{ store store }

func (r *reflector) list(round int) error {
	if round == 0 {
		return errors.New("not yet")
	}
	return r.store.Replace([]string{"a"})
}

type watchCache struct {
	mu        sync.RWMutex
	items     []string
	onReplace func()
}

func (w *watchCache) Replace(items []string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.items = items
	if w.onReplace != nil {
		w.onReplace()
	}
	return nil
}

type cacher struct {
	mu        sync.Mutex
	usable    bool
	round     int
	once      sync.Once
	ready     chan struct{}
	reflector *reflector
}

func (c *cacher) setUsable() {
	c.usable = true
	c.once.Do(func() { close(c.ready) })
}

func (c *cacher) startCaching() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.usable = false
	c.round++
	c.reflector.list(c.round - 1)
}

func newCacher(stop <-chan struct{}) *cacher {
	cache := &watchCache{}
	c := &cacher{reflector: &reflector{store: cache}, ready: make(chan struct{})}
	cache.onReplace = c.setUsable
	go until(c.startCaching, 10*time.Microsecond, stop)
	return c
}

func run() {
	stop := make(chan struct{})
	c := newCacher(stop)
	select {
	case <-c.ready:
	case <-time.After(40 * time.Millisecond):
	}
	close(stop)
}
